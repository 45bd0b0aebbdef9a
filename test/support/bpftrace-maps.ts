/** Numbers that a script of bpftrace kept in maps, printed by `-f json` at its end. */
import { rowsOf, type Watched } from './tool-runs.js';

interface Printed {
  readonly type: string;
  readonly data: Readonly<Record<string, number>>;
}

/** By the names of the maps, without `@`. */
export function mapsOf(oracle: Watched): Record<string, number> {
  const printed = rowsOf<Printed>(oracle).filter(({ type }) => type === 'map' || type === 'stats');
  const entries = printed.flatMap(({ data }) => Object.entries(data));
  return Object.fromEntries(entries.map(([name, number]) => [name.slice(1), number]));
}
