/** Finds libbpf's maps and programs for what a description names, and checks that they agree. */
import type { Codec } from '../codec/index.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Description, MapDescription } from '../gen/description.js';
import { type MapFace, mapKinds } from '../kinds/map-kinds.js';
import { check } from '../native/errno.js';
import { type MapHandle, native, type ObjectHandle, type ProgramHandle } from '../native/native.js';
import { sectionsOf } from './section-name.js';

/** libbpf's handles by the names that a description uses. */
export interface Contents {
  readonly maps: ReadonlyMap<string, MapHandle>;
  /** Data sections without their dot, and the arena where it has variables. */
  readonly sections: ReadonlyMap<string, MapHandle>;
  readonly programs: ReadonlyMap<string, ProgramHandle>;
}

/** What libbpf found in an opened object. */
export function contentsOf(object: ObjectHandle, { name, globals }: Description): Contents {
  const operation = `list the contents of ${name}`;
  const handles = check(native().objectMaps(object), operation) as MapHandle[];
  const internal = (map: MapHandle) => native().mapIsInternal(map) === 1;
  const nameOf = (map: MapHandle) => check(native().mapName(map), operation) as string;
  const programs = check(native().objectPrograms(object), operation) as ProgramHandle[];
  return {
    maps: new Map(handles.filter(map => !internal(map)).map(map => [nameOf(map), map])),
    sections: new Map([
      ...sectionsOf(
        name,
        Object.keys(globals),
        handles.filter(internal).map(map => [nameOf(map), map] as const),
      ),
      ...handles.filter(hasVariables).map(map => ['arena', map] as const),
    ]),
    programs: new Map(
      programs.map(program => [check(native().programName(program), operation) as string, program]),
    ),
  };
}

/** True for an arena in which the object has variables. */
function hasVariables(map: MapHandle): boolean {
  return native().mapType(map) === mapKinds.arena.type && native().mapSectionSize(map) > 0;
}

/**
 * The handle that a description's name stands for.
 *
 * @throws BpfError `ERR_BPF_OBJECT` when the object has none: the module was generated from another one.
 */
export function required<T>(handles: ReadonlyMap<string, T>, what: string, name: string, object: string): T {
  const handle = handles.get(name);
  if (handle !== undefined) return handle;
  const known = [...handles.keys()].join(', ') || 'none';
  throw stale(object, `it has no ${what} ${name}; it has: ${known}`);
}

/** Faces whose declared value is the type of records or of the target, and not of an element. */
const withoutSizes: ReadonlySet<MapFace> = new Set(['ring', 'user-ring', 'perf-events', 'struct-ops']);

/** Checks that keys and values have the sizes that their codecs read. */
export function checkSizes(
  map: MapHandle,
  name: string,
  { kind, key, value }: MapDescription,
  object: string,
): void {
  const sized = (codec: Codec<unknown> | undefined, size: number, what: string) => {
    if (codec === undefined || codec.size === size) return;
    throw stale(object, `${what} of map ${name} has ${size} bytes, ${codec.type} has ${codec.size}`);
  };
  if (withoutSizes.has(mapKinds[kind].face)) return;
  sized(key, native().mapKeySize(map), 'the key');
  sized(value, native().mapValueSize(map), 'the value');
}

function stale(object: string, reason: string): BpfError {
  const hint = 'the generated module and the object differ: npx libbpf-ts generate';
  return new BpfError({ code: 'ERR_BPF_OBJECT', operation: `open ${object}`, reason, hint });
}
