/** Arrays, which this process may map into its own memory. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { IndexedMap } from './indexed.js';
import { MappedArray } from './memory/mapped-array.js';

/**
 * An array in the kernel. An entry can be overwritten, not deleted.
 *
 * @example
 * ```ts
 * bpf.maps.limits.set(0, 100n);
 * ```
 */
export class ArrayMap<K = number, V = unknown, Kind extends MapKindName = 'array'> extends IndexedMap<
  K,
  V,
  Kind
> {
  /**
   * Maps a `BPF_F_MMAPABLE` array into this process: reading and writing it takes nanoseconds then.
   *
   * @throws BpfError `EINVAL` or `ENOTSUP` for an array that is not mmapable, `EPERM` for a frozen one.
   * @since Linux 5.5
   */
  mmap(): MappedArray<V> {
    const { handle, state, name, valueSize, maxEntries } = this;
    return MappedArray.map({ handle, state, name, valueSize, maxEntries }, this.elements.entryCodec);
  }
}
