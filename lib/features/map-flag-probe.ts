/** Flags that maps may be made with, asked by making one. */

import { type MapFlagProbe, type MapFlagProbeName, mapFlagProbes } from '../kinds/map-flag-probes.js';
import { shapeOfMap } from '../kinds/map-shapes.js';
import { mapFlags } from '../map/map-flags.js';
import type { Flow } from '../native/flow.js';
import type { Feature } from './feature.js';
import { linkFeature } from './link-feature.js';
import { remembered, verdict } from './probe.js';
import { mapStatus } from './small-map.js';

/** A flag, by making the smallest map with it. @param token - a descriptor, or 0 */
export function mapFlagFlow(name: MapFlagProbeName, token: number): Flow<Feature> {
  return remembered(`map flag ${name}`, function* () {
    const row: MapFlagProbe = mapFlagProbes[name];
    if (row.shownBy !== undefined) return linkFeature(row.shownBy);
    const shape = { ...shapeOfMap(row.kind), ...row.shape };
    return verdict(yield* mapStatus(row.kind, { ...shape, flags: shape.flags | mapFlags[name] }, token), row);
  });
}
