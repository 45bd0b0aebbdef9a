/** From a described map to the class that serves its kind. */
import { bytes, type Codec } from '../codec/index.js';
import { RingBuffer } from '../events/ring-buffer.js';
import type { MapDescription } from '../gen/description.js';
import { type MapFace, type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import { type MapHandle, native } from '../native.js';
import type { ObjectState } from '../object-state.js';
import { PerfEventArray } from '../perf/perf-event-array.js';
import { ArrayMap } from './array.js';
import { BpfMap } from './map.js';
import { OpaqueMap } from './opaque.js';
import { PerCpuArray, PerCpuMap } from './per-cpu.js';
import { StructOpsMap } from './struct-ops.js';

/** How a kind of map is used: its row in the table. */
type FaceOf<Kind extends MapKindName> = (typeof mapKinds)[Kind]['face'];

/** The class for each face, with its type parameters filled in. */
interface Faces<Kind extends MapKindName, K, V> {
  hash: BpfMap<K, V, Kind>;
  array: ArrayMap<K, V, Kind>;
  'per-cpu-hash': PerCpuMap<K, V, Kind>;
  'per-cpu-array': PerCpuArray<K, V, Kind>;
  lpm: BpfMap<K, V, Kind>;
  stacks: BpfMap<K, V, Kind>;
  ring: RingBuffer<V, Kind>;
  'perf-events': PerfEventArray<V, Kind>;
  'struct-ops': StructOpsMap<Kind>;
}

/** What a described map is after load. */
export type LiveMap<D> =
  D extends MapDescription<infer Kind, infer K, infer V>
    ? FaceOf<Kind> extends keyof Faces<Kind, K, V>
      ? Faces<Kind, K, V>[FaceOf<Kind>]
      : OpaqueMap<Kind>
    : never;

/** What every class of map is made from. */
export interface MapSource {
  readonly handle: MapHandle;
  readonly state: ObjectState;
  readonly name: string;
  readonly description: MapDescription;
}

type Maker = (source: MapSource) => unknown;

/** A class whose constructor takes key and value. */
type KeyedClass = new (
  handle: MapHandle,
  state: ObjectState,
  name: string,
  kind: MapKindName,
  key: Codec<unknown>,
  value: Codec<unknown>,
) => unknown;

/** Keys and values that nothing describes are bytes. */
function keyed(Class: KeyedClass): Maker {
  return ({ handle, state, name, description: { kind, key, value } }) =>
    new Class(
      handle,
      state,
      name,
      kind,
      key ?? bytes(native().mapKeySize(handle)),
      value ?? bytes(native().mapValueSize(handle)),
    );
}

const opaque: Maker = ({ handle, state, name, description: { kind } }) =>
  new OpaqueMap(handle, state, name, kind);

const makers: Readonly<Partial<Record<MapFace, Maker>>> = {
  hash: keyed(BpfMap),
  array: keyed(ArrayMap),
  'per-cpu-hash': keyed(PerCpuMap),
  'per-cpu-array': keyed(PerCpuArray),
  lpm: keyed(BpfMap),
  stacks: keyed(BpfMap),
  ring: ({ handle, state, name, description: { kind, value } }) =>
    new RingBuffer(handle, state, name, kind, value ?? bytes()),
  'perf-events': ({ handle, state, name, description: { kind, value } }) =>
    new PerfEventArray(handle, state, name, kind, value ?? bytes()),
  'struct-ops': ({ handle, state, name, description: { kind } }) =>
    new StructOpsMap(handle, state, name, kind),
};

/** Makes the live map of a description. */
export function liveMap<D extends MapDescription>(
  handle: MapHandle,
  state: ObjectState,
  name: string,
  description: D,
): LiveMap<D> {
  const { face } = mapKinds[description.kind];
  return (makers[face] ?? opaque)({ handle, state, name, description }) as LiveMap<D>;
}
