/** Lines as values of events. */
import type { Codec } from '../codec/codec.js';

const decoder = new TextDecoder();

/** What a line is made into. */
export function lineCodec<T>(type: string, read: (line: string) => T): Codec<T> {
  return {
    type,
    size: 0,
    flexible: true,
    read: (view, offset, end) =>
      read(decoder.decode(new Uint8Array(view.buffer, view.byteOffset + offset, end - offset))),
    write() {
      throw new TypeError(`${type} is only read`);
    },
  };
}
