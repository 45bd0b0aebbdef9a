/** Checks options that only the caller can know. */

import { argumentError, shown } from '../errors/arguments.js';
import type { ErrorContext } from './attach-kind.js';

/**
 * An option that neither the section nor the caller may leave out.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` that names it.
 */
export function requireOption<T>(
  { operation, section }: ErrorContext,
  option: string,
  value: T | undefined,
  what: string,
): T {
  if (value !== undefined) return value;
  const reason = `SEC("${section}") does not say ${what}, and neither does the option ${option}`;
  const hint = `give it: { ${option}: … }`;
  throw argumentError(operation, reason, hint);
}

/** @throws BpfError `ERR_BPF_ARGUMENT` for a list that is there, and has not one for each place. */
export function requireSameLength(
  { operation }: ErrorContext,
  places: number,
  lists: Readonly<Record<string, readonly unknown[] | undefined>>,
): void {
  const uneven = Object.entries(lists).find(([, list = []]) => list.length > 0 && list.length !== places);
  if (uneven === undefined) return;
  const [option, list] = uneven;
  const reason = `there are ${list?.length} ${option} for ${places} ${places === 1 ? 'place' : 'places'}`;
  const hint = 'give one for each function, address or offset; a pattern takes none';
  throw argumentError(operation, reason, hint);
}

/** Offsets in a file. @throws BpfError `ERR_BPF_ARGUMENT` for what is none */
export function requireOffsets(
  { operation }: ErrorContext,
  option: string,
  offsets: readonly number[] | undefined,
): void {
  const strange = offsets?.find(each => !Number.isSafeInteger(each) || each < 0);
  if (strange === undefined) return;
  throw argumentError(operation, `${option} takes bytes from the file's start, not ${shown(strange)}`);
}

/**
 * What an option's word stands for.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for an unknown one; it lists the known ones.
 */
export function flagOf<const Words extends Readonly<Record<string, number>>>(
  { operation }: ErrorContext,
  option: string,
  words: Words,
  word: keyof Words & string,
): number {
  const value = Object.hasOwn(words, word) ? words[word] : undefined;
  if (value !== undefined) return value;
  const reason = `there is no ${option} ${word}; there are ${Object.keys(words).join(', ')}`;
  throw argumentError(operation, reason);
}
