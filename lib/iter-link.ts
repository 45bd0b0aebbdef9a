/** Attached iterators: each reading runs the program over all there is, and gives what it printed. */
import { createReadStream } from 'node:fs';
import { Link } from './link.js';

/**
 * An attached `iter/…` program. Each `for await` runs it once, from the start.
 *
 * @since Linux 5.8
 * @example
 * ```ts
 * const link = await bpf.programs.tasks.attach();
 * console.log(await link.text());
 * ```
 */
export class IterLink extends Link implements AsyncIterable<Uint8Array> {
  /** What the program writes, in pieces as the kernel hands them out; read off the main thread. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const operation = `read ${this.subject}`;
    this.requireOpen(operation);
    const fd = this.handles.iterate(operation);
    yield* createReadStream('', { fd, autoClose: true });
  }

  /** All that the program writes, as text. */
  async text(): Promise<string> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  }
}
