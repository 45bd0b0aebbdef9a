/** Sources that a test puts in the place of an object's rings, by the map's name. */
import type { ObjectState } from '../native/owner.js';
import type { EventSource } from './source.js';

const sources = new WeakMap<ObjectState, ReadonlyMap<string, EventSource>>();

/** From now on the object's maps of these names read from these sources. */
export function replaceSources(state: ObjectState, byMap: ReadonlyMap<string, EventSource>): void {
  sources.set(state, byMap);
}

/** The source in the place of a map's own; undefined where there is none. */
export function replacedSource(state: ObjectState, map: string): EventSource | undefined {
  return sources.get(state)?.get(map);
}
