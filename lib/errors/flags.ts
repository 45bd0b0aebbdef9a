/** Flags by their words, as callers give and get them. */
import { argumentError, requireInteger, requireList, shown } from './arguments.js';

/** Flags by their words; a number stands for bits that have none. */
export type FlagList<Word extends string> = readonly (Word | number)[];

/**
 * The number that a list of flags stands for.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for an unknown word; it lists the known ones.
 */
export function flagBits<Word extends string>(
  operation: string,
  words: Readonly<Record<Word, number>>,
  given: FlagList<Word>,
): number {
  requireList(operation, 'flags', given);
  return given.reduce<number>((all, flag) => (all | bitsOf(operation, words, flag)) >>> 0, 0);
}

/** All flags in a number: those with words, and the bits that have none as one number behind them. */
export function flagsIn<Word extends string>(
  words: Readonly<Record<Word, number>>,
  flags: number,
): FlagList<Word> {
  const known = (Object.keys(words) as Word[]).filter(word => (flags & words[word]) !== 0);
  const rest = known.reduce((left, word) => left & ~words[word], flags) >>> 0;
  return rest === 0 ? known : [...known, rest];
}

function bitsOf(operation: string, words: Readonly<Record<string, number>>, flag: unknown): number {
  if (typeof flag === 'number') {
    requireInteger(operation, 'a flag', flag);
    return flag;
  }
  const bit = typeof flag === 'string' && Object.hasOwn(words, flag) ? words[flag] : undefined;
  if (bit !== undefined) return bit;
  const name = typeof flag === 'string' ? flag : shown(flag);
  throw argumentError(operation, `there is no flag ${name}; there are ${Object.keys(words).join(', ')}`);
}
