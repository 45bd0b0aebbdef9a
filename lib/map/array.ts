/** Arrays: their keys are indices, and all entries are there from the start. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { KeyValueMap } from './key-value.js';

/**
 * An array in the kernel. An entry can be overwritten, not deleted.
 *
 * @example
 * ```ts
 * bpf.maps.limits.set(0, 100n);
 * ```
 */
export class ArrayMap<K = number, V = unknown, Kind extends MapKindName = 'array'> extends KeyValueMap<
  K,
  V,
  Kind
> {
  /** How many entries it has, always. */
  get size(): number {
    return this.maxEntries;
  }
}
