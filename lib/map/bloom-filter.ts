/** Bloom filters: a set that may say yes by mistake, never no. */
import { constants } from 'node:os';
import type { MapKindName } from '../kinds/map-kinds.js';
import { MapElements } from './elements.js';
import type { MapParts } from './encoded.js';
import { MapBase } from './map-state.js';

const { ENOENT } = constants.errno;

/**
 * A set of values that cannot be listed, nor can one be taken out.
 *
 * @since Linux 5.16 (bloom_map_alloc() in kernel/bpf/bloom_filter.c)
 * @example
 * ```ts
 * bpf.maps.known.add(7);
 * console.log(bpf.maps.known.mayHave(7)); // true
 * ```
 */
export class BloomFilter<V = unknown, Kind extends MapKindName = 'bloom_filter'> extends MapBase<Kind> {
  /** @internal */
  readonly elements: MapElements<undefined, V>;

  /** @internal */
  constructor(...parts: MapParts<undefined, V, Kind>) {
    super(...parts);
    this.elements = new MapElements(this, parts);
  }

  /** Adds a value. Beyond `maxEntries` mistakes become more frequent, nothing fails. */
  add(value: V): this {
    this.elements.update(undefined, value, 0, 'add to');
    return this;
  }

  /** False: it was never added. True: probably it was. */
  mayHave(value: V): boolean {
    const slot = this.elements.slot('look up in');
    this.elements.writeEntry(slot, value);
    const status = slot.lookup();
    if (status === undefined) return true;
    if (status === -ENOENT) return false;
    throw this.failure(status, 'look up in');
  }
}
