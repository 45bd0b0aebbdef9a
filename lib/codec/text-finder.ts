/** What stands for texts of one length that come again and again, found by all their bytes in straight-line code. */
import { Scope } from './scope.js';
import type { TextCache } from './text-cache.js';

/** What was made of the text between two offsets, or is made of it now. */
export type FindText<T> = (view: DataView, offset: number, end: number) => T;

type Build = (keys: Int32Array, kept: unknown[], make: FindText<unknown>) => FindText<unknown>;

const slots = 1024;
/** Longer texts come again less often, and have more behind their NUL that differs. */
const longest = 32;
const builds = new Map<number, Build | undefined>();

/**
 * Finds texts of one array. Bytes behind the NUL count: of texts that differ there alone, `recent` knows that they are
 * the same.
 *
 * @param length - in bytes; absent for a flexible array
 */
export function textFinder<T>(length: number | undefined, recent: TextCache<T>): FindText<T> {
  const find: FindText<T> = (view, offset, end) => recent.get(view, offset, end);
  if (length === undefined || length < 4 || length > longest) return find;
  if (!builds.has(length)) builds.set(length, emit(length));
  const keys = new Int32Array(slots * Math.ceil(length / 4));
  const kept = new Array<T | undefined>(slots).fill(undefined);
  return (builds.get(length)?.(keys, kept, find) as FindText<T> | undefined) ?? find;
}

/** Of a length that is no multiple of four, the last word overlaps the one before. Undefined without code generation. */
function emit(length: number): Build | undefined {
  const places = Array.from({ length: Math.ceil(length / 4) }, (_, i) => Math.min(4 * i, length - 4));
  const each = (step: (i: number, at: number) => string) => places.map((at, i) => step(i, at));
  const body = `return (keys, kept, make) => (v, o, e) => {
    const ${each((i, at) => `w${i} = v.getInt32(o + ${at}, true)`).join(', ')};
    let h = 0;
    ${each(i => `h = Math.imul((h ^ w${i}) + (h >>> 15), 0x85ebca6b);`).join(' ')}
    const slot = (h ^ (h >>> 15)) & ${slots - 1}, k = slot * ${places.length}, known = kept[slot];
    if (known !== undefined && ${each(i => `keys[k + ${i}] === w${i}`).join(' && ')}) return known;
    const made = make(v, o, e);
    ${each(i => `keys[k + ${i}] = w${i};`).join(' ')}
    return kept[slot] = made;
  };`;
  return new Scope().compile(body) as Build | undefined;
}
