/** The class of each face, and how it is made. */
import { bytes, u32 } from '../codec/index.js';
import type { MapDescription } from '../gen/description.js';
import { type MapFace, type MapKindName, mapKindName, mapKinds } from '../kinds/map-kinds.js';
import { BareState } from '../native/bare-state.js';
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
import type { LiveMap } from './live-map.js';
import { LpmTrie } from './lpm-trie.js';
import { BpfMap } from './map.js';
import { MapOfMaps } from './map-of-maps.js';
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

type Maker = (source: MapSource) => unknown;

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
function keyed(Class: KeyedClass, key: CodecOf = describedKey, value: CodecOf = describedValue): Maker {
  return source => {
    const { handle, state, name, description } = source;
    return new Class(
      handle,
      state,
      name,
      description.kind as never,
      key(source) as never,
      value(source) as never,
    );
  };
}

const opaque: Maker = ({ handle, state, name, description: { kind } }) =>
  new OpaqueMap(handle, state, name, kind);

const makers: Readonly<Record<MapFace, Maker>> = {
  hash: keyed(BpfMap),
  array: keyed(ArrayMap, describedIndex),
  'per-cpu-hash': keyed(PerCpuMap),
  'per-cpu-array': keyed(PerCpuArray, describedIndex),
  'cgroup-storage': keyed(CgroupStorageMap),
  'per-cpu-cgroup-storage': keyed(CgroupStorageMap, describedKey, source =>
    perCpu(describedValue(source), possibleCpus()),
  ),
  lpm: keyed(LpmTrie, ({ handle }) => prefix(native().mapKeySize(handle))),
  queue: keyed(QueueMap, keyless),
  bloom: keyed(BloomFilter, keyless),
  stacks: keyed(StackTraceMap, index, ({ handle }) =>
    frames(native().mapValueSize(handle), native().mapFlags(handle)),
  ),
  programs: keyed(ProgArray, index, index),
  'perf-events': ({ handle, state, name, description: { kind, value } }) =>
    new PerfEventArray(handle, state, name, kind, value ?? bytes()),
  cgroups: keyed(CgroupArray, index, index),
  maps: ({ handle, state, name, description }) => {
    const key = describedIndex({ handle, state, name, description });
    const inner = (description as MapDescription<MapKindName, unknown, unknown, MapDescription>).inner;
    return new MapOfMaps(handle, state, name, description.kind, key, u32, (own, label) =>
      bareMap(own, label, inner),
    );
  },
  devices: keyed(DeviceMap, index, ({ handle }) => redirect(native().mapValueSize(handle))),
  cpus: keyed(CpuMap, index, ({ handle }) => redirect(native().mapValueSize(handle))),
  xsks: keyed(XskMap, index, index),
  sockets: keyed(SocketMap, describedIndex, socket),
  storage: keyed(StorageMap, index),
  instructions: keyed(InsnArray, index, () => instructionOffsets),
  ring: ({ handle, state, name, description: { kind, value } }) =>
    new RingBuffer(handle, state, name, kind, value ?? bytes()),
  'user-ring': ({ handle, state, name, description: { kind, value } }) =>
    new UserRingBuffer(handle, state, name, kind, value ?? bytes()),
  arena: ({ handle, state, name, description: { kind } }) => new ArenaMap(handle, state, name, kind),
  'struct-ops': ({ handle, state, name, description: { kind, value } }) =>
    new StructOpsMap(handle, state, name, kind, value),
  opaque,
};

/** Makes the live map of a description. */
export function liveMap<D extends MapDescription>(
  handle: MapHandle,
  state: ObjectState,
  name: string,
  description: D,
): LiveMap<D> {
  const { face } = mapKinds[description.kind];
  return makers[face]({ handle, state, name, description }) as LiveMap<D>;
}

/** Makes the live map of a handle of its own; without a description, of what the kernel tells. */
export function bareMap<D extends MapDescription>(
  handle: MapHandle,
  name: string,
  description?: D,
): LiveMap<D> {
  const described = description ?? { kind: mapKindName(native().mapType(handle)) ?? 'unspec' };
  return liveMap(handle, BareState.ofMap(handle, name), name, described) as LiveMap<D>;
}
