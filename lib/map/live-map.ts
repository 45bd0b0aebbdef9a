/** From a described map to the class that serves its kind. */
import { bytes, type Codec } from '../codec/index.js';
import { RingBuffer } from '../events/ring-buffer.js';
import type { MapDescription } from '../gen/description.js';
import { type MapFace, type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import { type MapHandle, native } from '../native.js';
import type { ObjectState } from '../object-state.js';
import { BpfMap } from './map.js';
import { OpaqueMap } from './opaque.js';
import { PerCpuMap } from './per-cpu.js';
import { StructOpsMap } from './struct-ops.js';

/** How a kind of map is used: its row in the table. */
type FaceOf<Kind extends MapKindName> = (typeof mapKinds)[Kind]['face'];

/** The class for each face, with its type parameters filled in. */
interface Faces<Kind extends MapKindName, K, V> {
  map: BpfMap<K, V, Kind>;
  'per-cpu': PerCpuMap<K, V, Kind>;
  ring: RingBuffer<V, Kind>;
  'struct-ops': StructOpsMap<Kind>;
  opaque: OpaqueMap<Kind>;
}

/** What a described map is after load. */
export type LiveMap<D> =
  D extends MapDescription<infer Kind, infer K, infer V> ? Faces<Kind, K, V>[FaceOf<Kind>] : never;

type Maker = (handle: MapHandle, state: ObjectState, name: string, description: MapDescription) => unknown;

const makers: Readonly<Record<MapFace, Maker>> = {
  map: (handle, state, name, { kind, key, value }) =>
    new BpfMap(handle, state, name, kind, key ?? rawKey(handle), value ?? rawValue(handle)),
  'per-cpu': (handle, state, name, { kind, key, value }) =>
    new PerCpuMap(handle, state, name, kind, key ?? rawKey(handle), value ?? rawValue(handle)),
  ring: (handle, state, name, { kind, value }) => new RingBuffer(handle, state, name, kind, value ?? bytes()),
  'struct-ops': (handle, state, name, { kind }) => new StructOpsMap(handle, state, name, kind),
  opaque: (handle, state, name, { kind }) => new OpaqueMap(handle, state, name, kind),
};

/** Makes the live map of a description. Keys and values that nothing describes are bytes. */
export function liveMap<D extends MapDescription>(
  handle: MapHandle,
  state: ObjectState,
  name: string,
  description: D,
): LiveMap<D> {
  const { face } = mapKinds[description.kind];
  return makers[face](handle, state, name, description) as LiveMap<D>;
}

function rawKey(map: MapHandle): Codec<Uint8Array> {
  return bytes(native().mapKeySize(map));
}

function rawValue(map: MapHandle): Codec<Uint8Array> {
  return bytes(native().mapValueSize(map));
}
