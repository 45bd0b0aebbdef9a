/** Attached iterators: each reading runs the program over all there is, and gives what it wrote. */
import { createReadStream } from 'node:fs';
import type { Codec } from '../codec/codec.js';
import { type EventStream, Events } from '../events/events.js';
import { lineCodec } from '../events/line-codec.js';
import type { ObjectState } from '../native/owner.js';
import { byLine, bySize, IterSource, type Split } from './iter-source.js';
import { Link } from './link.js';

const line = lineCodec('line', text => text);

/**
 * An attached `iter/…` program. Each reading runs it once, from the start, off the main thread.
 *
 * @since Linux 5.8 (bpf_iter_link_attach() in kernel/bpf/bpf_iter.c)
 * @example
 * ```ts
 * const link = await bpf.programs.tasks.attach();
 * for await (const line of link.lines()) console.log(line);
 * ```
 */
export class IterLink extends Link implements AsyncIterable<Uint8Array> {
  readonly #state: ObjectState;

  /** @internal */
  constructor(...parts: ConstructorParameters<typeof Link>) {
    super(...parts);
    this.#state = parts[1];
  }

  /** What the program writes, in the pieces of read(2) (bpf_seq_read() in kernel/bpf/bpf_iter.c). */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    yield* createReadStream('', { fd: this.#open(), autoClose: true });
  }

  /** What the program prints, line by line, with the face of events; it ends where the iterator does. */
  lines(): EventStream<string> {
    return this.#events(byLine, line);
  }

  /**
   * What the program writes by `bpf_seq_write()`, one record behind the other.
   *
   * @param type - of all records, which have one size
   * @example
   * ```ts
   * const Task = struct<{ tid: number; comm: string }>('struct task', 20, { tid: [0, u32], comm: [4, text(16)] });
   * const link = await bpf.programs.tasks.attach();
   * for await (const { tid, comm } of link.records(Task)) console.log(tid, comm);
   * ```
   */
  records<T>(type: Codec<T>): EventStream<T> {
    return this.#events(bySize(type.size), type);
  }

  /** All that the program writes, as text. */
  async text(): Promise<string> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  }

  #events<T>(split: Split, codec: Codec<T>): EventStream<T> {
    const source = new IterSource(`iterator ${this.program}`, this.#open(), split);
    const events = new Events(source, codec, () => this.#state.owner?.deref());
    this.#state.adopt(events);
    return events;
  }

  #open(): number {
    const operation = `read ${this.subject}`;
    this.requireOpen(operation);
    return this.handles.iterate(operation);
  }
}
