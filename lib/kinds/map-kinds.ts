/**
 * The map types of libbpf 1.7: number, libbpf's name, first kernel (`enum bpf_map_type` in include/uapi/linux/bpf.h,
 * https://docs.ebpf.io/linux/map-type/), and what TypeScript makes of each. Pure data.
 */

/**
 * How a map is used from JavaScript; each face is a class in lib/map. `hash` and `array` by key, `lpm` by prefix,
 * each with its `per-cpu` form; `queue` by push and pop, `bloom` by add and test; `programs`, `maps`, `cgroups`,
 * `perf-events`, `sockets`, `xsks`, `devices` and `cpus` hold what their names say; `storage` belongs to sockets,
 * inodes, tasks or cgroups; `ring` is a stream of records, `struct-ops` is attached, `opaque` a descriptor only.
 */
export type MapFace =
  | 'hash'
  | 'array'
  | 'per-cpu-hash'
  | 'per-cpu-array'
  | 'cgroup-storage'
  | 'per-cpu-cgroup-storage'
  | 'lpm'
  | 'queue'
  | 'bloom'
  | 'stacks'
  | 'programs'
  | 'perf-events'
  | 'cgroups'
  | 'maps'
  | 'devices'
  | 'cpus'
  | 'xsks'
  | 'sockets'
  | 'storage'
  | 'instructions'
  | 'ring'
  | 'user-ring'
  | 'arena'
  | 'struct-ops'
  | 'opaque';

/** One row of the table. */
export interface MapKind {
  /** `enum bpf_map_type`. */
  readonly type: number;
  readonly face: MapFace;
  /** The first release of Linux that has it. */
  readonly since: string;
  /** Options that the kernel must be built with beyond BPF's own (include/linux/bpf_types.h), without `CONFIG_`. */
  readonly config?: readonly string[];
}

/** Names are those of libbpf_bpf_map_type_str() in libbpf.c. */
export const mapKinds = {
  unspec: { type: 0, face: 'opaque', since: '3.18' },
  hash: { type: 1, face: 'hash', since: '3.19' },
  array: { type: 2, face: 'array', since: '3.19' },
  prog_array: { type: 3, face: 'programs', since: '4.2' },
  perf_event_array: { type: 4, face: 'perf-events', since: '4.3', config: ['PERF_EVENTS'] },
  percpu_hash: { type: 5, face: 'per-cpu-hash', since: '4.6' },
  percpu_array: { type: 6, face: 'per-cpu-array', since: '4.6' },
  stack_trace: { type: 7, face: 'stacks', since: '4.6', config: ['PERF_EVENTS'] },
  cgroup_array: { type: 8, face: 'cgroups', since: '4.8', config: ['CGROUPS'] },
  lru_hash: { type: 9, face: 'hash', since: '4.10' },
  lru_percpu_hash: { type: 10, face: 'per-cpu-hash', since: '4.10' },
  lpm_trie: { type: 11, face: 'lpm', since: '4.11' },
  array_of_maps: { type: 12, face: 'maps', since: '4.12' },
  hash_of_maps: { type: 13, face: 'maps', since: '4.12' },
  devmap: { type: 14, face: 'devices', since: '4.14', config: ['NET'] },
  sockmap: { type: 15, face: 'sockets', since: '4.14', config: ['NET', 'INET'] },
  cpumap: { type: 16, face: 'cpus', since: '4.15', config: ['NET'] },
  xskmap: { type: 17, face: 'xsks', since: '4.18', config: ['XDP_SOCKETS'] },
  sockhash: { type: 18, face: 'sockets', since: '4.18', config: ['NET', 'INET'] },
  cgroup_storage: { type: 19, face: 'cgroup-storage', since: '4.19', config: ['CGROUP_BPF'] },
  reuseport_sockarray: { type: 20, face: 'sockets', since: '4.19', config: ['INET'] },
  percpu_cgroup_storage: { type: 21, face: 'per-cpu-cgroup-storage', since: '4.20', config: ['CGROUP_BPF'] },
  queue: { type: 22, face: 'queue', since: '4.20' },
  stack: { type: 23, face: 'queue', since: '4.20' },
  sk_storage: { type: 24, face: 'storage', since: '5.2', config: ['NET'] },
  devmap_hash: { type: 25, face: 'devices', since: '5.4', config: ['NET'] },
  struct_ops: { type: 26, face: 'struct-ops', since: '5.6', config: ['BPF_JIT'] },
  ringbuf: { type: 27, face: 'ring', since: '5.8' },
  inode_storage: { type: 28, face: 'storage', since: '5.10', config: ['BPF_LSM'] },
  task_storage: { type: 29, face: 'storage', since: '5.11' },
  bloom_filter: { type: 30, face: 'bloom', since: '5.16' },
  user_ringbuf: { type: 31, face: 'user-ring', since: '6.1' },
  cgrp_storage: { type: 32, face: 'storage', since: '6.2', config: ['CGROUPS'] },
  arena: { type: 33, face: 'arena', since: '6.9', config: ['BPF_JIT', 'MMU', '64BIT'] },
  insn_array: { type: 34, face: 'instructions', since: '6.19' },
} as const satisfies Record<string, MapKind>;

/** The name of a map type, as libbpf spells it. */
export type MapKindName = keyof typeof mapKinds;

/** The name of a map type number; undefined for one that libbpf 1.7 does not know. */
export function mapKindName(type: number): MapKindName | undefined {
  const names = Object.keys(mapKinds) as MapKindName[];
  return names.find(name => mapKinds[name].type === type);
}

/** What a generated module imports for maps of each face. */
export const mapRowNames = {
  hash: 'hashMaps',
  array: 'arrayMaps',
  'per-cpu-hash': 'perCpuHashMaps',
  'per-cpu-array': 'perCpuArrays',
  'cgroup-storage': 'cgroupStorageMaps',
  'per-cpu-cgroup-storage': 'perCpuCgroupStorageMaps',
  lpm: 'lpmTries',
  queue: 'queueMaps',
  bloom: 'bloomFilters',
  stacks: 'stackTraceMaps',
  programs: 'progArrays',
  'perf-events': 'perfEventArrays',
  cgroups: 'cgroupArrays',
  maps: 'mapsOfMaps',
  devices: 'deviceMaps',
  cpus: 'cpuMaps',
  xsks: 'xskMaps',
  sockets: 'socketMaps',
  storage: 'storageMaps',
  instructions: 'insnArrays',
  ring: 'ringBuffers',
  'user-ring': 'userRingBuffers',
  arena: 'arenas',
  'struct-ops': 'structOpsMaps',
  opaque: 'opaqueMaps',
} as const satisfies Readonly<Record<MapFace, string>>;
