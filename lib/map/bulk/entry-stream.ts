/** Entries one after the other for `for await`, read off the main thread a slice ahead. */
import { requireOptions } from '../../errors/arguments.js';
import { entryAt, type Source, slices } from './slices.js';
import { type Slice, Sweep, type SweepOptions } from './sweep.js';

/**
 * Each entry that stays in the map meanwhile, once. An iterator of its own: a generator would take three turns of the
 * microtask queue for each entry.
 */
export class EntryStream<K, E> implements AsyncIterableIterator<[K, E]> {
  readonly #source: Source<K, E>;
  readonly #slices: AsyncGenerator<Slice, void, undefined>;
  #slice: Slice | undefined;
  #at = 0;

  constructor(source: Source<K, E>, options: SweepOptions = {}) {
    requireOptions(`walk map ${source.map.name}`, options, ['batchSize']);
    this.#source = source;
    this.#slices = slices(new Sweep(source.map, false, options, source.reduction));
  }

  next(): Promise<IteratorResult<[K, E], undefined>> {
    const slice = this.#slice;
    if (slice === undefined || this.#at >= slice.count) return this.#advance();
    return Promise.resolve({ done: false, value: entryAt(this.#source, slice, this.#at++) });
  }

  async return(): Promise<IteratorResult<[K, E], undefined>> {
    this.#slice = undefined;
    await this.#slices.return();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #advance(): Promise<IteratorResult<[K, E], undefined>> {
    const step = await this.#slices.next();
    if (step.done) return { done: true, value: undefined };
    this.#slice = step.value;
    this.#at = 1;
    return { done: false, value: entryAt(this.#source, step.value, 0) };
  }
}
