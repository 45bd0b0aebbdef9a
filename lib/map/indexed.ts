/** Maps whose keys are indices, and whose entries are all there from the start. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { KeyValueMap } from './key-value.js';

/** A map by index. An entry can be overwritten, not deleted. */
export abstract class IndexedMap<K, E, Kind extends MapKindName> extends KeyValueMap<K, E, Kind> {
  /** How many entries it has, always. */
  get size(): number {
    return this.maxEntries;
  }
}
