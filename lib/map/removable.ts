/** Maps by key whose entries come and go: hashes and their per-CPU forms. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { flagsOf, type LookupOptions } from './elements.js';
import { KeyValueMap } from './key-value.js';

/** A map by key with `delete`; an array has none. */
export abstract class RemovableMap<K, E, Kind extends MapKindName> extends KeyValueMap<K, E, Kind> {
  /** Deletes an entry; false where there was none. */
  delete(key: K): boolean {
    return this.remove(key);
  }

  /**
   * Deletes an entry and gives what it held, in one step; undefined where there was none.
   *
   * @since Linux 5.14
   */
  take(key: K, options: LookupOptions = {}): E | undefined {
    return this.removeAndGet(key, flagsOf(options), 'take from', '5.14');
  }

  /** Walks the keys and counts them: the kernel keeps no number to ask for. */
  count(): number {
    const keys = this.walkKeys();
    for (;;) {
      const step = keys.next();
      if (step.done) return step.value.keys;
    }
  }
}
