// Both sides of the events benchmark: the C program, and the same object in our own hands.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { open } from '../../dist/index.js';

export const object = fileURLToPath(new URL('../bpf/stream.bpf.o', import.meta.url));
export const ringBytes = 8 << 20;

/** @typedef {{ time: bigint, sequence: bigint, cpu: number, pid: number, comm: string }} Event */

/**
 * @param {number} pid
 * @param {number} events for each call
 */
export async function attached(pid, events) {
  const globals = { rodata: { target_pid: pid, watched: 110n }, data: { burst: events } };
  const opened = await open(object, globals);
  const { events: ring } = opened.maps;
  if (ring === undefined) throw new Error('the object has no ring');
  ring.maxEntries = ringBytes;
  const bpf = await opened.load();
  await bpf.attach();
  return /** @type {typeof bpf & { maps: { events: import('../../dist/index.js').RingBuffer<Event> } }} */ (
    bpf
  );
}

/** A C process that answers lines. */
export class Child {
  /** @type {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, null>} */
  #process;
  /** @type {AsyncIterator<string>} */
  #lines;

  /**
   * @param {string} program
   * @param {string[]} args
   */
  constructor(program, args) {
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async line() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the C program ended');
    return value;
  }

  /** @param {string} command */
  tell(command) {
    this.#process.stdin.write(`${command}\n`);
  }

  /** @param {string} command */
  ask(command) {
    this.tell(command);
    return this.line();
  }

  end() {
    this.#process.stdin.end();
  }
}
