/** What an object can be made of: ways to attach and faces of maps. A module passes those that its object has. */
import type { AttachKind } from '../attach/attach-kind.js';
import { argumentError, requireList } from '../errors/arguments.js';
import type { Description } from '../gen/description.js';
import type { MapFace } from '../kinds/map-kinds.js';
import { rowOf } from '../map/live-maps.js';
import type { MapRow } from '../map/rows.js';

/** A way to attach, or a face of maps: `libbpf-ts/skeleton` has all. */
export interface Kind {
  /** Of programs: their sections. */
  readonly sections?: readonly string[];
  /** Of maps: how they are used. */
  readonly face?: MapFace;
}

/** The kinds of one object. */
export interface Kinds {
  readonly programs: readonly AttachKind[];
  readonly maps: readonly MapRow[];
}

/**
 * Sorts what a module passes.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where the kind of a map is not among it.
 */
export function kindsOf({ name, maps }: Description, kinds: readonly Kind[]): Kinds {
  requireList(`open ${name}`, 'the kinds of its programs and maps', kinds);
  const sorted = { programs: kinds.filter(isOfPrograms), maps: kinds.filter(isOfMaps) };
  for (const [map, description] of Object.entries(maps)) rowOf(map, description, sorted.maps);
  return sorted;
}

function isOfPrograms(kind: Kind): kind is AttachKind {
  if (typeof kind === 'object' && kind !== null) return 'sections' in kind;
  throw argumentError('make a skeleton', `libbpf-ts/skeleton has no kind that is ${String(kind)}`);
}

function isOfMaps(kind: Kind): kind is MapRow {
  return 'make' in kind;
}
