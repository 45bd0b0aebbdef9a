/** Flags that maps may be made with, asked by making one. */
import { closeSync } from 'node:fs';
import { type Flow, job } from '../flow.js';
import { type MapFlagProbe, type MapFlagProbeName, mapFlagProbes } from '../kinds/map-flag-probes.js';
import { mapKinds } from '../kinds/map-kinds.js';
import { mapFlags } from '../map/map-flags.js';
import { mapTypes } from '../map/map-types.js';
import type { Feature } from './feature.js';
import { linkFeature } from './link-feature.js';
import { remembered, verdict } from './probe.js';

/** A flag, by making the smallest map with it. */
export function mapFlagFlow(name: MapFlagProbeName): Flow<Feature> {
  return remembered(`map flag ${name}`, function* () {
    const row: MapFlagProbe = mapFlagProbes[name];
    if (row.shownBy !== undefined) return linkFeature(row.shownBy);
    const types = yield* typesOf(row);
    const sizes = [row.keySize, row.valueSize, row.maxEntries] as const;
    const flags = mapFlags[name] | (row.with ?? 0);
    const [map] = yield* job(
      'mapCreate',
      mapKinds[row.kind].type,
      '',
      ...sizes,
      flags,
      0n,
      0,
      0,
      0,
      ...types,
    );
    if (types[0] > 0) closeSync(types[0]);
    if (typeof map === 'number') return verdict(map, row);
    yield* job('mapClose', map);
    return verdict(0, row);
  });
}

/** Storage is only made with types: a descriptor, and which of them are key and value. */
function* typesOf({ kind, valueSize }: MapFlagProbe): Flow<readonly [number, number, number]> {
  if (mapKinds[kind].face !== 'storage') return [0, 0, 0];
  const [fd] = yield* job('btfLoad', mapTypes(valueSize));
  return [fd, 1, 4];
}
