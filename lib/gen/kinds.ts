/** Which kinds of programs and maps an object has, by the names under which its module imports them. */
import { mapKinds, mapRowNames } from '../kinds/map-kinds.js';
import { programKindNames } from '../kinds/program-kinds.js';
import { sectionMatches } from '../kinds/section-pattern.js';
import type { MapModel, ObjectModel } from './model.js';

/** Each once; none for a section that section_defs[] of libbpf.c does not have. */
export function usedKinds({ programs, maps }: ObjectModel): string[] {
  const ofPrograms = programs.flatMap(({ section }) => programKindOf(section) ?? []);
  return [...new Set([...ofPrograms, ...maps.flatMap(mapRowsOf)])];
}

function programKindOf(section: string): string | undefined {
  const kinds = [...programKindNames];
  return kinds.find(([, patterns]) => patterns.some(pattern => sectionMatches(pattern, section)))?.[0];
}

/** A map of maps that nothing describes may hold any. */
function mapRowsOf({ kind, inner }: MapModel): string[] {
  const { face } = mapKinds[kind];
  const own = mapRowNames[face];
  if (face !== 'maps') return [own];
  return [own, ...(inner === undefined ? ['everyMapRow'] : mapRowsOf(inner))];
}
