/** The class of a described map, by the face of its kind. */

import type { MapDescription } from '../gen/description.js';
import type { MapKindName, mapKinds } from '../kinds/map-kinds.js';
import type { ArenaMap } from './arena.js';
import type { ArrayMap } from './array.js';
import type { BloomFilter } from './bloom-filter.js';
import type { CgroupArray } from './cgroup-array.js';
import type { CgroupStorageMap } from './cgroup-storage.js';
import type { CpuMap } from './cpu-map.js';
import type { DeviceMap } from './device-map.js';
import type { InsnArray } from './insn-array.js';
import type { LpmTrie } from './lpm-trie.js';
import type { BpfMap } from './map.js';
import type { MapOfMaps } from './map-of-maps.js';
import type { OpaqueMap } from './opaque.js';
import type { PerCpuArray, PerCpuMap } from './per-cpu.js';
import type { PerfEventArray } from './perf-event-array.js';
import type { ProgArray } from './prog-array.js';
import type { QueueMap } from './queue.js';
import type { RingBuffer } from './ring-buffer.js';
import type { SocketMap } from './socket-map.js';
import type { StackTraceMap } from './stack-traces.js';
import type { StorageMap } from './storage.js';
import type { StructOpsMap } from './struct-ops.js';
import type { UserRingBuffer } from './user-ring-buffer.js';
import type { XskMap } from './xsk-map.js';

/** The class for each face of maps, with its type parameters filled in. */
export interface MapClasses<Kind extends MapKindName, K, V, Inner> {
  hash: BpfMap<K, V, Kind>;
  array: ArrayMap<K, V, Kind>;
  'per-cpu-hash': PerCpuMap<K, V, Kind>;
  'per-cpu-array': PerCpuArray<K, V, Kind>;
  'cgroup-storage': CgroupStorageMap<K, V, Kind>;
  'per-cpu-cgroup-storage': CgroupStorageMap<K, V[], Kind>;
  lpm: LpmTrie<V, Kind>;
  queue: QueueMap<V, Kind>;
  bloom: BloomFilter<V, Kind>;
  stacks: StackTraceMap<Kind>;
  programs: ProgArray<Kind>;
  'perf-events': PerfEventArray<V, Kind>;
  cgroups: CgroupArray<Kind>;
  maps: MapOfMaps<[K] extends [never] ? number : K, LiveMap<Inner>, Kind>;
  devices: DeviceMap<Kind>;
  cpus: CpuMap<Kind>;
  xsks: XskMap<Kind>;
  sockets: SocketMap<[K] extends [never] ? number : K, Kind>;
  storage: StorageMap<V, Kind>;
  instructions: InsnArray<Kind>;
  ring: RingBuffer<V, Kind>;
  'user-ring': UserRingBuffer<V, Kind>;
  arena: ArenaMap<Kind>;
  'struct-ops': StructOpsMap<Kind>;
  opaque: OpaqueMap<Kind>;
}

/** What a described map is after load. */
export type LiveMap<D> =
  D extends MapDescription<infer Kind, infer K, infer V, infer Inner>
    ? MapClasses<Kind, K, V, Inner>[(typeof mapKinds)[Kind]['face']]
    : OpaqueMap;
