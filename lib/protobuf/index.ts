/** Messages of protocol buffers, for the rooms that write what other programs read. */
export { MessageWriter } from './message-writer.js';
