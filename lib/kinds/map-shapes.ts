/** The smallest map of each kind that map_create() in kernel/bpf/syscall.c takes. Pure data. */
import type { MapKindName } from './map-kinds.js';

/** What a map is made with. */
export interface MapShape {
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly extra: bigint;
}

const usual: MapShape = { keySize: 4, valueSize: 4, maxEntries: 1, flags: 0, extra: 0n };
const ring: Partial<MapShape> = { keySize: 0, valueSize: 0, maxEntries: 65_536 };
const withoutKey: Partial<MapShape> = { keySize: 0 };
/** `BPF_F_NO_PREALLOC`. */
const storage: Partial<MapShape> = { maxEntries: 0, flags: 1 };
const inCgroup: Partial<MapShape> = { keySize: 16, valueSize: 8, maxEntries: 0 };

/** What differs from a key and a value of four bytes each. */
const others: Readonly<Partial<Record<MapKindName, Partial<MapShape>>>> = {
  stack_trace: { valueSize: 8 },
  lpm_trie: { keySize: 8, flags: 1 },
  cgroup_storage: inCgroup,
  percpu_cgroup_storage: inCgroup,
  reuseport_sockarray: { valueSize: 8 },
  queue: withoutKey,
  stack: withoutKey,
  bloom_filter: withoutKey,
  sk_storage: storage,
  inode_storage: storage,
  task_storage: storage,
  cgrp_storage: storage,
  ringbuf: ring,
  user_ringbuf: ring,
  /** `BPF_F_MMAPABLE`. */
  arena: { keySize: 0, valueSize: 0, flags: 1024 },
  insn_array: { valueSize: 16 },
};

/** Of struct_ops there is none: its value is a type of the kernel's. */
export function shapeOfMap(kind: MapKindName): MapShape {
  return { ...usual, ...others[kind] };
}
