/** Arrays, which this process may map into its own memory. */
import type { MapKindName } from '../kinds/map-kinds.js';
import { IndexedMap } from './indexed.js';
import { MappedArray } from './memory/mapped-array.js';

/**
 * An array in the kernel. An entry can be overwritten, not deleted (array_map_delete_elem() in
 * kernel/bpf/arraymap.c).
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
   * @throws BpfError `EINVAL` for an array that is not mmapable (array_map_mmap() in kernel/bpf/arraymap.c), `EPERM`
   * for a frozen one, `ENOTSUPP` for one with spin locks or the like (bpf_map_mmap() in kernel/bpf/syscall.c).
   * @since Linux 5.5
   */
  mmap(): MappedArray<V> {
    const { handle, state, name, valueSize, maxEntries } = this;
    return MappedArray.map({ handle, state, name, valueSize, maxEntries }, this.elements.entryCodec);
  }
}
