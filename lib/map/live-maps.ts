/** Live maps of descriptions: by the row of their face. */

import { argumentError } from '../errors/arguments.js';
import type { MapDescription } from '../gen/description.js';
import { mapKindName, mapKinds, mapRowNames } from '../kinds/map-kinds.js';
import { BareState } from '../native/bare-state.js';
import { type MapHandle, native } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import type { LiveMap } from './live-map.js';
import type { MapRow } from './rows.js';

/**
 * Makes the live map of a description.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where the row of its face is not among those.
 */
export function liveMap<D extends MapDescription>(
  handle: MapHandle,
  state: ObjectState,
  name: string,
  description: D,
  rows: readonly MapRow[],
): LiveMap<D> {
  return rowOf(name, description, rows).make({ handle, state, name, description, rows }) as LiveMap<D>;
}

/** The row of a map's face. */
export function rowOf(name: string, { kind }: MapDescription, rows: readonly MapRow[]): MapRow {
  const { face } = mapKinds[kind];
  const row = rows.find(each => each.face === face);
  if (row !== undefined) return row;
  const reason = `it is a ${kind}, and its module does not pass ${mapRowNames[face]}`;
  throw argumentError(`use map ${name}`, reason, 'generate the module again: npx libbpf-ts generate');
}

/** Makes the live map of a handle of its own; without a description, by its `info`. */
export function bareMap<D extends MapDescription>(
  handle: MapHandle,
  name: string,
  description: D | undefined,
  rows: readonly MapRow[],
): LiveMap<D> {
  const described = description ?? { kind: mapKindName(native().mapType(handle)) ?? 'unspec' };
  return liveMap(handle, BareState.ofMap(handle, name), name, described, rows) as LiveMap<D>;
}
