/** Hashes and LRU hashes: one value for each key. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { RemovableMap } from './removable.js';

/**
 * A map by key and value.
 *
 * @example
 * ```ts
 * bpf.maps.counts.set(1, 10n);
 * for (const [pid, count] of bpf.maps.counts) console.log(pid, count);
 * ```
 */
export class BpfMap<K = unknown, V = unknown, Kind extends MapKindName = MapKindName> extends RemovableMap<
  K,
  V,
  Kind
> {}
