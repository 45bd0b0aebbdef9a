/** What `BPF_OBJ_GET_INFO_BY_FD` tells of a map (bpf_map_get_info_by_fd() in kernel/bpf/syscall.c). */

import { littleEndian } from '../btf/byte-order.js';
import { systemText } from '../host/system-file.js';
import { kernelStructs } from '../kinds/kernel-structs.js';
import { type MapKindName, mapKindName } from '../kinds/map-kinds.js';
import { fieldIn } from '../native/fdinfo.js';
import { type MapFlags, mapFlagsIn } from './map-flags.js';

/**
 * `struct bpf_map_info` (include/uapi/linux/bpf.h), and what its fdinfo adds (bpf_map_show_fdinfo() in
 * kernel/bpf/syscall.c); what a kernel does not tell is 0.
 */
export interface MapInfo {
  readonly id: number;
  /** libbpf_bpf_map_type_str()'s word; a number behind `unknown` for a type newer than libbpf 1.7. */
  readonly kind: MapKindName | `unknown ${number}`;
  /** The first 15 characters of it. */
  readonly name: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  /** As options take them. */
  readonly flags: MapFlags;
  /** Of a bloom filter the number of hashes, of an arena its address: `map_extra`. @since Linux 5.16 */
  readonly extra: bigint;
  /** The interface that a map is offloaded to. */
  readonly ifindex: number;
  /** The id of the map's own types. */
  readonly btfId: number;
  readonly keyTypeId: number;
  readonly valueTypeId: number;
  /** True when user space can write no more. */
  readonly frozen: boolean;
  /** Bytes of memory: `memlock` of its fdinfo (bpf_map_show_fdinfo() in kernel/bpf/syscall.c). */
  readonly memory: number;
}

const { bpf_map_info: at } = kernelStructs;
/** `BPF_OBJ_NAME_LEN`. */
const nameSize = 16;

/** Reads what `mapInfo()` answers, and `/proc/self/fdinfo`. */
export function readMapInfo(bytes: Uint8Array, fd: number): MapInfo {
  const text = systemText(`/proc/self/fdinfo/${fd}`);
  return mapInfoOf(bytes, name => fieldIn(text, name) ?? 0);
}

/** Reads the struct; `inProc` has the numbers that only `/proc` tells. */
export function mapInfoOf(bytes: Uint8Array, inProc: (name: string) => number): MapInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u32 = (offset: number) => view.getUint32(offset, littleEndian);
  const name = Buffer.from(bytes.subarray(at.name, at.name + nameSize))
    .toString('latin1')
    .replace(/\0.*$/s, '');
  return {
    id: u32(at.id),
    kind: mapKindName(u32(at.type)) ?? `unknown ${u32(at.type)}`,
    name,
    keySize: u32(at.key_size),
    valueSize: u32(at.value_size),
    maxEntries: u32(at.max_entries),
    flags: mapFlagsIn(u32(at.map_flags)),
    extra: view.getBigUint64(at.map_extra, littleEndian),
    ifindex: u32(at.ifindex),
    btfId: u32(at.btf_id),
    keyTypeId: u32(at.btf_key_type_id),
    valueTypeId: u32(at.btf_value_type_id),
    frozen: inProc('frozen') === 1,
    memory: inProc('memlock'),
  };
}
