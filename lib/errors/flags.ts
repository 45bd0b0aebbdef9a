/** Flags by their words, as a caller gives them. */
import { argumentError, requireInteger, shown } from './arguments.js';

/**
 * The number that a list of words stands for; a number is passed on.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for an unknown word; it lists the known ones.
 */
export function flagBits<Word extends string>(
  operation: string,
  words: Readonly<Record<Word, number>>,
  given: readonly Word[] | number,
): number {
  if (Array.isArray(given)) return given.reduce((all, word) => all | bitOf(operation, words, word), 0) >>> 0;
  requireInteger(operation, 'a set of flags', given);
  return given as number;
}

function bitOf(operation: string, words: Readonly<Record<string, number>>, word: unknown): number {
  const bit = typeof word === 'string' && Object.hasOwn(words, word) ? words[word] : undefined;
  if (bit !== undefined) return bit;
  const reason = `there is no flag ${typeof word === 'string' ? word : shown(word)}; there are ${Object.keys(words).join(', ')}`;
  throw argumentError(operation, reason);
}
