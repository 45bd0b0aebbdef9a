/** What stands for bytes that come again and again, a name or an address: found by straight-line code, not made anew. */
import { Scope } from './scope.js';

/** What was made of the bytes between two offsets, or is made of them now. */
export type Find<T> = (view: DataView, offset: number, end: number) => T;

type Build = (keys: Int32Array, kept: unknown[], make: Find<unknown>) => Find<unknown>;

const slots = 1024;
/** More bytes come again less often. */
const longest = 32;
const builds = new Map<number, Build | undefined>();

/**
 * Finds what was made of as many bytes; `make` is called for bytes that were not seen lately. A slot holds the latest of
 * those that fall on it.
 *
 * @param length - in bytes; absent where it differs, as that of a flexible array
 */
export function finder<T>(length: number | undefined, make: Find<T>): Find<T> {
  if (length === undefined || length < 4 || length > longest) return make;
  if (!builds.has(length)) builds.set(length, emit(length));
  const keys = new Int32Array(slots * Math.ceil(length / 4));
  const kept = new Array<T | undefined>(slots).fill(undefined);
  return (builds.get(length)?.(keys, kept, make) as Find<T> | undefined) ?? make;
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
