/** Types and those that they refer to, by id. */
import type { Btf } from './btf.js';
import { recordOf } from './btf-record.js';
import type { BtfType } from './type.js';

/** Ids that a type refers to. */
function referredTypes(type: BtfType): number[] {
  const found: number[] = [];
  recordOf(type, id => {
    found.push(id);
    return id;
  });
  return found;
}

/**
 * Types with all that they refer to, in the order of their ids.
 *
 * @param ids - where to begin; every type by default
 * @param first - those before stay out
 */
export function typesIn(btf: Btf, ids: Iterable<number> | undefined, first: number): number[] {
  if (ids === undefined) return Array.from({ length: btf.count - first }, (_, at) => first + at);
  const taken = new Set<number>();
  const due = [...ids];
  for (let id = due.pop(); id !== undefined; id = due.pop()) {
    if (id < first || id === 0 || taken.has(id)) continue;
    taken.add(id);
    due.push(...referredTypes(btf.type(id)));
  }
  return [...taken].sort((one, other) => one - other);
}
