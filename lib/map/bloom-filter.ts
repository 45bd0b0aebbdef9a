/** Bloom filters: a set that may say yes by mistake, never no. */
import { constants } from 'node:os';
import type { MapKindName } from '../kinds/map-kinds.js';
import { ElementMap } from './elements.js';

const { ENOENT } = constants.errno;

/**
 * A set of values that cannot be listed, nor can one be taken out.
 *
 * @since Linux 5.16
 * @example
 * ```ts
 * bpf.maps.known.add(7);
 * console.log(bpf.maps.known.mayHave(7)); // true
 * ```
 */
export class BloomFilter<V = unknown, Kind extends MapKindName = 'bloom_filter'> extends ElementMap<
  undefined,
  V,
  Kind
> {
  /** Adds a value. Beyond `maxEntries` mistakes become more frequent, nothing fails. */
  add(value: V): this {
    this.update(undefined, value, 0, 'add to');
    return this;
  }

  /** False: it was never added. True: probably it was. */
  mayHave(value: V): boolean {
    const slot = this.slot('look up in');
    this.writeEntry(slot, value);
    const status = slot.lookup(0);
    if (status === 0) return true;
    if (status === -ENOENT) return false;
    throw this.failure(status, 'look up in');
  }
}
