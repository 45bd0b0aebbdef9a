/** Maps by key whose entries come and go: hashes and their per-CPU forms. */

import type { MapKindName } from '../kinds/map-kinds.js';
import { sourceOf } from './bulk/access.js';
import { deleteBatch, readAll } from './bulk/on-demand.js';
import type { SnapshotOptions, Snapshots } from './bulk/snapshot.js';
import { KeyValueMap } from './key-value.js';
import type { RawKey } from './raw-key.js';
import { flagsOf, type LookupOptions } from './update-flags.js';

/** A map by key with `delete`; an array has none. */
export abstract class RemovableMap<K, E, Kind extends MapKindName> extends KeyValueMap<K, E, Kind> {
  /** Deletes an entry; false where there was none. */
  delete(key: K | RawKey<K>): boolean {
    return this.elements.calls.delete(key);
  }

  /** Deletes the entries of many keys, off the main thread; how many there were. */
  deleteBatch(keys: Iterable<K | RawKey<K>>): Promise<number> {
    return deleteBatch(this.elements.bulkAccess(), keys);
  }

  /**
   * Takes all entries out of the map, off the main thread: each is deleted in the step that reads it, so that nothing
   * counted meanwhile is lost.
   *
   * @since Linux 5.6 (__htab_map_lookup_and_delete_batch() in kernel/bpf/hashtab.c); key by key on older kernels,
   * where what is written between reading and deleting goes
   * @example
   * ```ts
   * for (const [pid, bytes] of await bpf.maps.counts.takeAll()) console.log(pid, bytes);
   * ```
   */
  takeAll<As extends keyof Snapshots<K, E> = 'pairs'>(
    options?: SnapshotOptions<As>,
  ): Promise<Snapshots<K, E>[As]> {
    return readAll(sourceOf(this.elements.bulkAccess()), true, options);
  }

  /**
   * Deletes an entry and gives what it held, in one step; undefined where there was none.
   *
   * @since Linux 5.14 (map_lookup_and_delete_elem() in kernel/bpf/syscall.c)
   */
  take(key: K | RawKey<K>, options: LookupOptions = {}): E | undefined {
    return this.elements.removeAndGet(key, flagsOf(options, this.name), 'take from', '5.14');
  }

  /** Walks the keys and counts them: `struct bpf_map_info` has no count. */
  count(): number {
    const keys = this.elements.walkBytes(undefined, key => key);
    for (;;) {
      const step = keys.next();
      if (step.done) return step.value.keys;
    }
  }
}
