/** A row for each face: its class, and how that is made. Each alone, so that an application's bundle has those of its maps. */
import { bytes, u32 } from '../codec/index.js';
import type { MapDescription } from '../gen/description.js';
import type { MapFace, MapKindName } from '../kinds/map-kinds.js';
import { type MapHandle, native } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { ArenaMap } from './arena.js';
import { ArrayMap } from './array.js';
import { BloomFilter } from './bloom-filter.js';
import { CgroupArray } from './cgroup-array.js';
import { CgroupStorageMap } from './cgroup-storage.js';
import { CpuMap } from './cpu-map.js';
import { DeviceMap } from './device-map.js';
import { InsnArray, instructionOffsets } from './insn-array.js';
import {
  describedIndex,
  describedKey,
  describedValue,
  index,
  keyless,
  type MapSource,
  socket,
} from './kind-codecs.js';
import { bareMap } from './live-maps.js';
import { LpmTrie } from './lpm-trie.js';
import { BpfMap } from './map.js';
import { type InnerMaker, MapOfMaps } from './map-of-maps.js';
import { OpaqueMap } from './opaque.js';
import { PerCpuArray, PerCpuMap } from './per-cpu.js';
import { perCpu, possibleCpus } from './per-cpu-codec.js';
import { PerfEventArray } from './perf-event-array.js';
import { prefix } from './prefix.js';
import { ProgArray } from './prog-array.js';
import { QueueMap } from './queue.js';
import { redirect } from './redirect.js';
import { RingBuffer } from './ring-buffer.js';
import { SocketMap } from './socket-map.js';
import { frames, StackTraceMap } from './stack-traces.js';
import { StorageMap } from './storage.js';
import { StructOpsMap } from './struct-ops.js';
import { UserRingBuffer } from './user-ring-buffer.js';
import { XskMap } from './xsk-map.js';

/** A way to use maps from JavaScript, and how its class is made of a map: what an object's module passes in, for each kind that it has. */
export interface MapRow {
  readonly face: MapFace;
  /** @internal */
  make(source: MapSource): unknown;
}

/** A class of map by key and value, each with its own idea of them. */
type KeyedClass = new (
  handle: MapHandle,
  state: ObjectState,
  name: string,
  kind: never,
  key: never,
  value: never,
) => unknown;

type CodecOf = (source: MapSource) => unknown;

/** A class of map, with codecs that depend on its sizes where the kind has its own, and else the described ones. */
function keyed(
  source: MapSource,
  Class: KeyedClass,
  key: CodecOf = describedKey,
  value: CodecOf = describedValue,
): unknown {
  const { handle, state, name, description } = source;
  const kind = description.kind as never;
  return new Class(handle, state, name, kind, key(source) as never, value(source) as never);
}

function perCpuValue(source: MapSource): unknown {
  return perCpu(describedValue(source), possibleCpus());
}

function framesOf({ handle }: MapSource): unknown {
  return frames(native().mapValueSize(handle), native().mapFlags(handle));
}

function redirectOf({ handle }: MapSource): unknown {
  return redirect(native().mapValueSize(handle));
}

/** Hash tables: `hash`, `lru_hash`. */
export const hashMaps: MapRow = {
  face: 'hash',
  make: source => keyed(source, BpfMap),
};

/** Arrays: `array`. */
export const arrayMaps: MapRow = {
  face: 'array',
  make: source => keyed(source, ArrayMap, describedIndex),
};

/** Hash tables with a value for each CPU: `percpu_hash`, `lru_percpu_hash`. */
export const perCpuHashMaps: MapRow = {
  face: 'per-cpu-hash',
  make: source => keyed(source, PerCpuMap),
};

/** Arrays with a value for each CPU: `percpu_array`. */
export const perCpuArrays: MapRow = {
  face: 'per-cpu-array',
  make: source => keyed(source, PerCpuArray, describedIndex),
};

/** Values of cgroups and attach types: `cgroup_storage`. */
export const cgroupStorageMaps: MapRow = {
  face: 'cgroup-storage',
  make: source => keyed(source, CgroupStorageMap),
};

/** The same with a value for each CPU: `percpu_cgroup_storage`. */
export const perCpuCgroupStorageMaps: MapRow = {
  face: 'per-cpu-cgroup-storage',
  make: source => keyed(source, CgroupStorageMap, describedKey, perCpuValue),
};

/** Longest prefix matches: `lpm_trie`. */
export const lpmTries: MapRow = {
  face: 'lpm',
  make: source => keyed(source, LpmTrie, ({ handle }) => prefix(native().mapKeySize(handle))),
};

/** Queues and stacks: `queue`, `stack`. */
export const queueMaps: MapRow = {
  face: 'queue',
  make: source => keyed(source, QueueMap, keyless),
};

/** Sets that may be wrong about what is in them: `bloom_filter`. */
export const bloomFilters: MapRow = {
  face: 'bloom',
  make: source => keyed(source, BloomFilter, keyless),
};

/** Stack traces: `stack_trace`. */
export const stackTraceMaps: MapRow = {
  face: 'stacks',
  make: source => keyed(source, StackTraceMap, index, framesOf),
};

/** Programs for tail calls: `prog_array`. */
export const progArrays: MapRow = {
  face: 'programs',
  make: source => keyed(source, ProgArray, index, index),
};

/** Perf buffers and counters: `perf_event_array`. */
export const perfEventArrays: MapRow = {
  face: 'perf-events',
  make: ({ handle, state, name, description: { kind, value } }) =>
    new PerfEventArray(handle, state, name, kind, value ?? bytes()),
};

/** Cgroups: `cgroup_array`. */
export const cgroupArrays: MapRow = {
  face: 'cgroups',
  make: source => keyed(source, CgroupArray, index, index),
};

/** Maps of maps: `array_of_maps`, `hash_of_maps`. */
export const mapsOfMaps: MapRow = {
  face: 'maps',
  make: source => {
    const { handle, state, name, description, rows } = source;
    const inner = (description as MapDescription<MapKindName, unknown, unknown, MapDescription>).inner;
    const open: InnerMaker<unknown> = (own, label) => bareMap(own, label, inner, rows);
    return new MapOfMaps(handle, state, name, description.kind, describedIndex(source), u32, open);
  },
};

/** Interfaces to redirect to: `devmap`, `devmap_hash`. */
export const deviceMaps: MapRow = {
  face: 'devices',
  make: source => keyed(source, DeviceMap, index, redirectOf),
};

/** CPUs to redirect to: `cpumap`. */
export const cpuMaps: MapRow = {
  face: 'cpus',
  make: source => keyed(source, CpuMap, index, redirectOf),
};

/** AF_XDP sockets: `xskmap`. */
export const xskMaps: MapRow = {
  face: 'xsks',
  make: source => keyed(source, XskMap, index, index),
};

/** Sockets: `sockmap`, `sockhash`, `reuseport_sockarray`. */
export const socketMaps: MapRow = {
  face: 'sockets',
  make: source => keyed(source, SocketMap, describedIndex, socket),
};

/** Values of sockets, inodes, tasks or cgroups: `sk_storage` and its like. */
export const storageMaps: MapRow = {
  face: 'storage',
  make: source => keyed(source, StorageMap, index),
};

/** Places in a program: `insn_array`. */
export const insnArrays: MapRow = {
  face: 'instructions',
  make: source => keyed(source, InsnArray, index, () => instructionOffsets),
};

/** Records from programs: `ringbuf`. */
export const ringBuffers: MapRow = {
  face: 'ring',
  make: ({ handle, state, name, description: { kind, value } }) =>
    new RingBuffer(handle, state, name, kind, value ?? bytes()),
};

/** Records to programs: `user_ringbuf`. */
export const userRingBuffers: MapRow = {
  face: 'user-ring',
  make: ({ handle, state, name, description: { kind, value } }) =>
    new UserRingBuffer(handle, state, name, kind, value ?? bytes()),
};

/** Memory that programs share: `arena`. */
export const arenas: MapRow = {
  face: 'arena',
  make: ({ handle, state, name, description: { kind } }) => new ArenaMap(handle, state, name, kind),
};

/** Tables of functions of a kernel interface: `struct_ops`. */
export const structOpsMaps: MapRow = {
  face: 'struct-ops',
  make: ({ handle, state, name, description: { kind, value } }) =>
    new StructOpsMap(handle, state, name, kind, value),
};

/** Maps that are a descriptor only. */
export const opaqueMaps: MapRow = {
  face: 'opaque',
  make: ({ handle, state, name, description: { kind } }) => new OpaqueMap(handle, state, name, kind),
};
