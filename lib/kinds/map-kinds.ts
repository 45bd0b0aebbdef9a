/** The map types of libbpf 1.7: number, libbpf's name, and what TypeScript makes of each. Pure data. */

/**
 * How a map is used from JavaScript: `map` by key and value, `per-cpu` by key with a value for each CPU,
 * `ring` as a stream of records, `struct-ops` by attaching it, `opaque` by handle only.
 */
export type MapFace = 'map' | 'per-cpu' | 'ring' | 'struct-ops' | 'opaque';

/** One row of the table. */
export interface MapKind {
  /** `enum bpf_map_type`. */
  readonly type: number;
  readonly face: MapFace;
}

/** Names are those of `libbpf_bpf_map_type_str()`. */
export const mapKinds = {
  unspec: { type: 0, face: 'opaque' },
  hash: { type: 1, face: 'map' },
  array: { type: 2, face: 'map' },
  prog_array: { type: 3, face: 'opaque' },
  perf_event_array: { type: 4, face: 'opaque' },
  percpu_hash: { type: 5, face: 'per-cpu' },
  percpu_array: { type: 6, face: 'per-cpu' },
  stack_trace: { type: 7, face: 'map' },
  cgroup_array: { type: 8, face: 'opaque' },
  lru_hash: { type: 9, face: 'map' },
  lru_percpu_hash: { type: 10, face: 'per-cpu' },
  lpm_trie: { type: 11, face: 'map' },
  array_of_maps: { type: 12, face: 'opaque' },
  hash_of_maps: { type: 13, face: 'opaque' },
  devmap: { type: 14, face: 'opaque' },
  sockmap: { type: 15, face: 'opaque' },
  cpumap: { type: 16, face: 'opaque' },
  xskmap: { type: 17, face: 'opaque' },
  sockhash: { type: 18, face: 'opaque' },
  cgroup_storage: { type: 19, face: 'opaque' },
  reuseport_sockarray: { type: 20, face: 'opaque' },
  percpu_cgroup_storage: { type: 21, face: 'opaque' },
  queue: { type: 22, face: 'opaque' },
  stack: { type: 23, face: 'opaque' },
  sk_storage: { type: 24, face: 'opaque' },
  devmap_hash: { type: 25, face: 'opaque' },
  struct_ops: { type: 26, face: 'struct-ops' },
  ringbuf: { type: 27, face: 'ring' },
  inode_storage: { type: 28, face: 'opaque' },
  task_storage: { type: 29, face: 'opaque' },
  bloom_filter: { type: 30, face: 'opaque' },
  user_ringbuf: { type: 31, face: 'opaque' },
  cgrp_storage: { type: 32, face: 'opaque' },
  arena: { type: 33, face: 'opaque' },
  insn_array: { type: 34, face: 'opaque' },
} as const satisfies Record<string, MapKind>;

/** The name of a map type, as libbpf spells it. */
export type MapKindName = keyof typeof mapKinds;

/** The name of a map type number; undefined for one that libbpf 1.7 does not know. */
export function mapKindName(type: number): MapKindName | undefined {
  const names = Object.keys(mapKinds) as MapKindName[];
  return names.find(name => mapKinds[name].type === type);
}
