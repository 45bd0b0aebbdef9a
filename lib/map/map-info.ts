/** What the kernel tells of a map. */

import { littleEndian } from '../btf/byte-order.js';
import { systemText } from '../host/system-file.js';
import { type MapKindName, mapKindName } from '../kinds/map-kinds.js';

/** `struct bpf_map_info`, and what `/proc` adds; what a kernel does not tell is 0. */
export interface MapInfo {
  readonly id: number;
  /** Undefined for a type newer than libbpf 1.7. */
  readonly kind: MapKindName | undefined;
  /** The first 15 characters of it. */
  readonly name: string;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  /** `BPF_F_…`. */
  readonly flags: number;
  /** Of a bloom filter the number of hashes, of an arena its address. @since Linux 5.16 */
  readonly extra: bigint;
  /** The interface that a map is offloaded to. */
  readonly ifindex: number;
  /** The map's own types in the kernel. */
  readonly btfId: number;
  readonly keyTypeId: number;
  readonly valueTypeId: number;
  /** True when user space can write no more. */
  readonly frozen: boolean;
  /** Bytes of memory that the kernel counts for it. */
  readonly memory: number;
}

/** Reads what `mapInfo()` answers, and `/proc/self/fdinfo`. */
export function readMapInfo(bytes: Uint8Array, fd: number): MapInfo {
  const text = systemText(`/proc/self/fdinfo/${fd}`);
  return mapInfoOf(bytes, name => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0));
}

/** Reads the struct; `inProc` has the numbers that only `/proc` tells. */
export function mapInfoOf(bytes: Uint8Array, inProc: (name: string) => number): MapInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u32 = (offset: number) => view.getUint32(offset, littleEndian);
  const name = Buffer.from(bytes.subarray(24, 40)).toString('latin1').replace(/\0.*$/s, '');
  return {
    id: u32(4),
    kind: mapKindName(u32(0)),
    name,
    keySize: u32(8),
    valueSize: u32(12),
    maxEntries: u32(16),
    flags: u32(20),
    extra: view.getBigUint64(80, littleEndian),
    ifindex: u32(40),
    btfId: u32(64),
    keyTypeId: u32(68),
    valueTypeId: u32(72),
    frozen: inProc('frozen') === 1,
    memory: inProc('memlock'),
  };
}
