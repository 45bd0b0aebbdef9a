/** A batch: all records that were read at once. */
import { BpfError } from '../errors/bpf-error.js';
import type { Columns } from './columns.js';
import type { Consumer } from './consumer.js';
import type { Cursor } from './cursor.js';
import type { Decoders } from './decoders.js';
import { headerBytes, padded } from './memory.js';
import { readableRun } from './readable.js';

/**
 * Records that were read at once, in memory that the next batch uses again: valid until that is asked for. What is
 * made from it, objects, columns and copies, stays.
 *
 * @example
 * ```ts
 * for await (const batch of bpf.maps.events.batches()) {
 *   for (const event of batch) console.log(event.pid, event.comm);
 * }
 * ```
 */
export class Batch<T> {
  readonly #consumer: Consumer;
  readonly #decoders: Decoders<T>;
  readonly #at: number;
  #taken: number;
  #length: number;
  /** Records that went back for the next batch, since one of them could not be read. */
  #rest = 0;

  /** @internal */
  constructor(consumer: Consumer, decoders: Decoders<T>) {
    const { at, count } = consumer.take();
    this.#consumer = consumer;
    this.#decoders = decoders;
    this.#at = at;
    this.#taken = consumer.taken;
    this.#length = count;
  }

  /**
   * Number of records. Where its type cannot read one of them, {@link records} and {@link columns} give those before it;
   * the batch ends there, and the next one begins with it, by throwing.
   */
  get length(): number {
    return this.#length;
  }

  /** Bytes of all records, headers and padding included. */
  get byteLength(): number {
    return this.#consumer.memory.used - this.#at;
  }

  /**
   * The records, decoded, up to one that is shorter than its type.
   *
   * @throws BpfError `ERR_BPF_RECORD` when that is the first; the next batch begins behind it.
   */
  records(): T[] {
    this.#requireCurrent();
    this.#requireReadable();
    const records = this.#decoders.records.read(this.#consumer.memory, this.#at, this.#length);
    this.#consumer.settle();
    return records;
  }

  /** A loop that is left before the end, as by throwing, has not had the batch. */
  [Symbol.iterator](): IterableIterator<T> {
    const iterator: IterableIterator<T> = this.records()[Symbol.iterator]();
    iterator.return = () => {
      if (this.#isCurrent) this.#consumer.hold(this.length);
      return { done: true, value: undefined };
    };
    return iterator;
  }

  /** A view that moves over the records and allocates nothing; a type has one, so it begins anew. */
  cursor(): Cursor<T> {
    this.#requireCurrent();
    return this.#decoders.cursor(this.#consumer.memory, this.#at, this.#length);
  }

  /**
   * Some members of all records, each as a column: numbers as a typed array, texts through a dictionary.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` for a name that the type does not have, `ERR_BPF_RECORD` as {@link records}.
   * @example
   * ```ts
   * for await (const batch of bpf.maps.events.batches()) {
   *   const { pid, comm } = batch.columns('pid', 'comm');
   *   console.log(pid[0], comm);
   * }
   * ```
   */
  columns<Name extends keyof T & string>(...names: readonly Name[]): Columns<T, Name> {
    this.#requireCurrent();
    const reader = this.#decoders.columns(names);
    this.#requireReadable();
    const columns = reader.read(this.#consumer.memory, this.#at, this.#length);
    this.#consumer.settle();
    return columns as Columns<T, Name>;
  }

  /** The records' bytes; each is a copy. */
  raw(): Uint8Array<ArrayBuffer>[] {
    this.#requireCurrent();
    const { bytes, words } = this.#consumer.memory;
    const records: Uint8Array<ArrayBuffer>[] = [];
    for (let index = 0, at = this.#at; index < this.length; index++) {
      const start = at + headerBytes;
      const end = start + (words[at / 4] ?? 0);
      records.push(bytes.slice(start, end));
      at = padded(end);
    }
    this.#consumer.settle();
    return records;
  }

  /** Ends the batch before a record that cannot be read; where that is the first, it is passed over. */
  #requireReadable(): void {
    const { codec } = this.#decoders;
    const { count, end } = readableRun(codec, this.#consumer.memory, this.#at, this.#length);
    if (count === this.#length) return;
    this.#giveBack(end, this.#length - count);
    this.#consumer.hold(count);
    if (count === 0) this.#consumer.next(codec);
  }

  #giveBack(at: number, count: number): void {
    this.#consumer.giveBack(at, count);
    this.#taken = this.#consumer.taken;
    this.#length -= count;
    this.#rest += count;
  }

  get #isCurrent(): boolean {
    return this.#consumer.taken === this.#taken && this.#consumer.left === this.#rest;
  }

  #requireCurrent(): void {
    if (!this.#isCurrent) throw outdated(this.#consumer.source.subject);
    this.#consumer.memory.load();
  }
}

function outdated(subject: string): BpfError {
  return new BpfError({
    code: 'ERR_BPF_CLOSED',
    operation: `read a batch of ${subject}`,
    reason: 'the next batch has taken its memory',
    hint: 'use a batch before the next one is asked for, or keep its objects',
  });
}
