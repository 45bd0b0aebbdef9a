/** A map that is made to find something out. */

import { closeSync } from 'node:fs';
import { type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import { type MapShape, shapeOfMap } from '../kinds/map-shapes.js';
import { mapTypes } from '../map/map-types.js';
import { failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { type Errno, type MapHandle, native, type Status } from '../native/native.js';
import { type Feature, inconclusive } from './feature.js';
import { remembered, verdict } from './probe.js';

/** Makes it. @param token - a descriptor, or 0 */
export function* smallMap(
  kind: MapKindName,
  { keySize, valueSize, maxEntries, flags, extra }: MapShape,
  token: number,
): Flow<MapHandle | Errno> {
  const { type, face } = mapKinds[kind];
  const inner = face === 'maps' ? yield* smallMap('array', shapeOfMap('array'), token) : undefined;
  if (failed(inner)) return inner;
  const innerFd = inner === undefined ? 0 : native().mapFd(inner);
  const [types, ...ids] = face === 'storage' ? yield* typesOf(valueSize, token) : [0, 0, 0];
  const sizes = [keySize, valueSize, maxEntries] as const;
  const [map] = yield* job(
    'mapCreate',
    type,
    '',
    ...sizes,
    flags,
    extra,
    0,
    0,
    innerFd,
    types,
    ...ids,
    token,
  );
  if (types > 0) closeSync(types);
  if (inner !== undefined) yield* job('mapClose', inner);
  return map;
}

/** Makes one and closes it: 0 or a negative errno. */
export function* mapStatus(kind: MapKindName, shape: MapShape, token: number): Flow<Status> {
  const map = yield* smallMap(kind, shape, token);
  if (failed(map)) return map;
  yield* job('mapClose', map);
  return 0;
}

/**
 * A map type, by making the smallest map with a token: libbpf_probe_bpf_map_type() in libbpf_probes.c takes none.
 *
 * @param token - a descriptor
 */
export function delegatedMapFlow(name: MapKindName, token: number): Flow<Feature> {
  return remembered(`map ${name}`, function* () {
    const row = mapKinds[name];
    if (row.face === 'struct-ops')
      return inconclusive(row, "it takes a type of the kernel's, which the probe with a token has not");
    return verdict(yield* mapStatus(name, shapeOfMap(name), token), row);
  });
}

/** Storage is only made with types: a descriptor, and which of them are key and value. */
function* typesOf(valueSize: number, token: number): Flow<[fd: number, key: number, value: number]> {
  const [fd] = yield* job('btfLoad', mapTypes(valueSize), token);
  return [fd, 1, 4];
}
