/** What of an object is in the kernel, by the names of its description. */
import { kindAmong } from '../attach/attach-kind.js';
import type { Description } from '../gen/description.js';
import { liveMap } from '../map/live-maps.js';
import type { ObjectState } from '../native/owner.js';
import { Program } from '../program/program.js';
import { type Contents, required } from './contents.js';
import { liveGlobals } from './globals.js';
import type { Kinds } from './kinds.js';
import type { LoadedObject } from './loaded-object.js';
import type { LoadedGlobalsOf } from './types.js';

/** Programs by name. */
export function livePrograms<D extends Description>(
  contents: Contents,
  state: ObjectState,
  description: D,
  { programs }: Kinds,
) {
  const entries = Object.entries(description.programs).map(([name, section]) => {
    const handle = required(contents.programs, 'program', name, state.name);
    const kind = kindAmong(programs, section);
    return [name, new Program(handle, state, name, section, kind, description.contexts?.[name])];
  });
  return Object.fromEntries(entries) as LoadedObject<D>['programs'];
}

/** Maps by name. */
export function liveMaps<D extends Description>(
  contents: Contents,
  state: ObjectState,
  description: D,
  { maps }: Kinds,
) {
  const entries = Object.entries(description.maps).map(([name, map]) => {
    const handle = required(contents.maps, 'map', name, state.name);
    return [name, liveMap(handle, state, name, map, maps)];
  });
  return Object.fromEntries(entries) as LoadedObject<D>['maps'];
}

/** Globals by section. */
export function globalsOf<D extends Description>(contents: Contents, state: ObjectState, description: D) {
  const entries = Object.entries(description.globals).map(([section, codec]) => {
    const map = required(contents.sections, 'section', section, state.name);
    return [section, liveGlobals({ map, name: `.${section}`, state }, codec)];
  });
  return Object.fromEntries(entries) as LoadedGlobalsOf<D>;
}
