/** Integers and floats in C: which are C's own words, and what the others are made of. */
import type { BtfFloat, BtfInt } from '../type.js';

const word = '(?:char|short|int|long|unsigned|signed|_Bool|__int128|float|double)';
const ownWords = new RegExp(`^${word}(?: ${word})*$`);

/** True for a name that C has by itself, as `long unsigned int`. */
export function isBuiltIn(name: string): boolean {
  return ownWords.test(name);
}

const integers: Readonly<Record<number, string>> = {
  1: 'char',
  2: 'short',
  4: 'int',
  8: 'long long',
  16: '__int128',
};
const floats: Readonly<Record<number, string>> = { 4: 'float', 8: 'double', 16: 'long double' };

/** A type of C's own with the same size; undefined where there is none. */
export function builtIn(type: BtfInt | BtfFloat): string | undefined {
  if (type.kind === 'float') return floats[type.size];
  if (type.bool && type.size === 1) return '_Bool';
  const base = integers[type.size];
  return base && `${type.signed ? 'signed' : 'unsigned'} ${base}`;
}
