/** What of an object may still be changed, by the names of its description. */
import type { Description } from '../gen/description.js';
import { mapKinds } from '../kinds/map-kinds.js';
import { OpenMap } from '../map/open-map.js';
import { check } from '../native/errno.js';
import { native } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { OpenProgram } from '../program/open-program.js';
import { type Contents, checkSizes, required } from './contents.js';
import type { OpenObject } from './object.js';
import { SectionImage } from './section-image.js';

/** Programs by name. */
export function openPrograms<D extends Description>(contents: Contents, state: ObjectState, { programs }: D) {
  const entries = Object.entries(programs).map(([name, section]) => {
    const handle = required(contents.programs, 'program', name, state.name);
    return [name, new OpenProgram(handle, state, name, section)];
  });
  return Object.fromEntries(entries) as OpenObject<D>['programs'];
}

/** Maps by name. */
export function openMaps<D extends Description>(contents: Contents, state: ObjectState, { maps }: D) {
  const entries = Object.entries(maps).map(([name, description]) => {
    const handle = required(contents.maps, 'map', name, state.name);
    checkSizes(handle, name, description, state.name);
    // The record's type stands where a value's would, and a ring has no value size (ringbuf_map_alloc() in
    // kernel/bpf/ringbuf.c).
    if (mapKinds[description.kind].face.endsWith('ring'))
      check(native().mapSetValueSize(handle, 0), `open map ${name}`);
    return [name, new OpenMap(handle, state, name, description)];
  });
  return Object.fromEntries(entries) as OpenObject<D>['maps'];
}

/** Sections with variables, which have no memory yet. */
export function openSections(
  contents: Contents,
  state: ObjectState,
  { globals }: Description,
): ReadonlyMap<string, SectionImage> {
  const entries = Object.entries(globals).map(([section, codec]) => {
    const map = required(contents.sections, 'section', section, state.name);
    return [section, new SectionImage({ map, name: `.${section}`, state }, codec)] as const;
  });
  return new Map(entries);
}
