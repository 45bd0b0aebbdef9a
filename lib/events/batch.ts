/** A batch: all records that were read at once. */
import type { Codec } from '../codec/codec.js';
import { BpfError } from '../errors.js';
import type { Intake } from './intake.js';
import { headerBytes, padded } from './memory.js';

/**
 * Records that were read at once, in memory that the next batch uses again: valid until that is asked for. What is
 * made from it, objects and copies, stays.
 */
export class Batch<T> {
  readonly #intake: Intake;
  readonly #codec: Codec<T>;
  readonly #at: number;
  readonly #delivered: number;
  /** Number of records. */
  readonly length: number;

  /** @internal */
  constructor(intake: Intake, codec: Codec<T>) {
    const { at, count } = intake.take();
    this.#intake = intake;
    this.#codec = codec;
    this.#at = at;
    this.#delivered = intake.delivered;
    this.length = count;
  }

  /** The records, decoded. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (const { view, start, end } of this.#places()) yield this.#codec.read(view, start, end);
  }

  /** The records' bytes; each is a copy. */
  *raw(): IterableIterator<Uint8Array> {
    for (const { view, start, end } of this.#places()) yield new Uint8Array(view.buffer.slice(start, end));
  }

  *#places() {
    let at = this.#at;
    for (let index = 0; index < this.length; index++) {
      this.#requireCurrent();
      const { words, view } = this.#intake.memory;
      const start = at + headerBytes;
      const end = start + (words[at / 4] ?? 0);
      at = padded(end);
      yield { view, start, end };
    }
  }

  #requireCurrent(): void {
    const { delivered, left, source } = this.#intake;
    if (delivered === this.#delivered && left === 0) return;
    throw new BpfError({
      code: 'ERR_BPF_CLOSED',
      operation: `read a batch of ${source.subject}`,
      reason: 'the next batch has taken its memory',
      hint: 'use a batch before the next one is asked for, or keep its objects',
    });
  }
}
