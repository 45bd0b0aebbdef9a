/** Maps by key whose entries come and go: hashes, tries and their per-CPU forms. */
import { errnoName } from '../errno.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { native } from '../native.js';
import { KeyValueMap } from './key-value.js';

/** A map by key with `delete`; an array has none. */
export abstract class RemovableMap<K, E, Kind extends MapKindName> extends KeyValueMap<K, E, Kind> {
  /** Deletes an entry; false where there was none. */
  delete(key: K): boolean {
    this.state.use(`delete from map ${this.name}`);
    const status = native().mapDeleteElem(this.handle, this.encodeKey(key));
    if (status === 0) return true;
    if (errnoName(status) === 'ENOENT') return false;
    throw this.failure(status, 'delete from');
  }
}
