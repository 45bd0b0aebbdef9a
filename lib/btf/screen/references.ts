/** Which types a record refers to, read from its words without making an object of it. */
import { headWords, lengthOfInfo } from '../type-index.js';
import type { TypeTable } from '../type-table.js';

/** The ids of some of the types that one refers to. */
export type Edges = (types: TypeTable, id: number) => readonly number[];

const none: readonly number[] = [];

/** Types whose values are inside a value of this one: what has no size if it comes back to itself. */
export const byValue: Edges = (types, id) => {
  switch (types.kind(id)) {
    case 'struct':
    case 'union':
      return entries(types, id, 3, 1);
    default:
      return throughNames(types, id);
  }
};

/** Types that stand in one declaration, pointers and parameters too; a struct or enum ends it. */
export const inDeclaration: Edges = (types, id) => {
  switch (types.kind(id)) {
    case 'ptr':
    case 'func':
    case 'decl_tag':
      return [types.third(id)];
    case 'func_proto':
      return [types.third(id), ...entries(types, id, 2, 1)];
    default:
      return throughNames(types, id);
  }
};

function throughNames(types: TypeTable, id: number): readonly number[] {
  switch (types.kind(id)) {
    case 'typedef':
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'type_tag':
    case 'var':
      return [types.third(id)];
    case 'array':
      return [types.words[types.start(id) + headWords] ?? 0];
    default:
      return none;
  }
}

/** One word of each entry of a record: their types, where `at` says so. */
export function entries(types: TypeTable, id: number, size: number, at: number): number[] {
  const start = types.start(id);
  const length = lengthOfInfo(types.words[start + 1] ?? 0);
  const body = start + headWords;
  return Array.from({ length }, (_, i) => types.words[body + i * size + at] ?? 0);
}
