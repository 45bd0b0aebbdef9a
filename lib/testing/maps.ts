/** The map in memory for each kind. */
import type { MapFace } from '../kinds/map-kinds.js';
import { StandInArray } from './array.js';
import { StandInHash } from './hash.js';
import { StandInLpm } from './lpm.js';
import { type MapPlan, StandInMap } from './map.js';
import { StandInBloom, StandInQueue } from './queue.js';
import { StandInUserRing } from './user-ring.js';

type MapClass = new (plan: MapPlan) => StandInMap;

/** What is not here has no elements in memory: its calls are refused. */
const classes: Partial<Record<MapFace, MapClass>> = {
  hash: StandInHash,
  'per-cpu-hash': StandInHash,
  array: StandInArray,
  'per-cpu-array': StandInArray,
  lpm: StandInLpm,
  queue: StandInQueue,
  bloom: StandInBloom,
  'user-ring': StandInUserRing,
};

/** Makes a map in memory. */
export function standInMap(plan: MapPlan, face: MapFace): StandInMap {
  const Class = classes[face] ?? StandInMap;
  return new Class(plan);
}
