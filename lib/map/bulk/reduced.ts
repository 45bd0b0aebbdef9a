/** A per-CPU map as one that has a single value for each key. */

import type { Codec } from '../../codec/codec.js';
import type { RawKey } from '../raw-key.js';
import type { BulkAccess } from './access.js';
import { EntryStream } from './entry-stream.js';
import { readAll } from './on-demand.js';
import { type Reducer, Reduction } from './reduction.js';
import type { Source } from './slices.js';
import type { SnapshotOptions, Snapshots } from './snapshot.js';
import type { SweepOptions } from './sweep.js';

/**
 * The values of all CPUs as one, reduced natively each time that they are read. Every number in the value is reduced by
 * itself; what is no number is that of the first CPU.
 *
 * @example
 * ```ts
 * const totals = bpf.maps.hits.reduced('sum');
 * console.log(totals.get(0), await totals.snapshot());
 * ```
 */
export class ReducedMap<K, V> {
  readonly #source: Source<K, V>;
  readonly #lookup: (key: K | RawKey<K>) => Uint8Array | undefined;

  /** @internal */
  constructor(
    { map, keyCodec }: Pick<BulkAccess<K, unknown>, 'map' | 'keyCodec'>,
    value: Codec<V>,
    cpus: number,
    how: Reducer,
    lookup: (key: K | RawKey<K>) => Uint8Array | undefined,
  ) {
    this.#source = { map, key: keyCodec, entry: value, reduction: new Reduction(value, cpus, how) };
    this.#lookup = lookup;
  }

  /** The reduced value of a key; undefined where there is none. */
  get(key: K | RawKey<K>): V | undefined {
    const entry = this.#lookup(key);
    const value = entry && this.#source.reduction?.reduce(entry);
    return value && this.#source.entry.read(new DataView(value.buffer), 0, value.length);
  }

  /** All entries, reduced, off the main thread, in the form that is asked for. */
  snapshot<As extends keyof Snapshots<K, V> = 'pairs'>(
    options?: SnapshotOptions<As>,
  ): Promise<Snapshots<K, V>[As]> {
    return readAll(this.#source, false, options);
  }

  /** Entries one after the other, read off the main thread. */
  entries(options?: SweepOptions): AsyncIterableIterator<[K, V]> {
    return new EntryStream(this.#source, options);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[K, V]> {
    return this.entries();
  }
}
