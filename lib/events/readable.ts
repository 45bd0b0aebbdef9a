/** How far a batch goes before a record that its type cannot read. */
import { type Codec, emittable, leastOf } from '../codec/index.js';
import { headerBytes, type Memory, padded } from './memory.js';

/** True for a record that has the bytes of its type, and is of one that there is. */
export function isReadable(codec: Codec<unknown>, { words, view }: Memory, at: number): boolean {
  const start = at + headerBytes;
  const end = start + (words[at / 4] ?? 0);
  return end - start >= leastOf(codec) && (emittable(codec).accepts?.(view, start, end) ?? true);
}

/** Records from `at` on, up to one that cannot be read: how many, and where that one begins. */
export function readableRun(
  codec: Codec<unknown>,
  memory: Memory,
  at: number,
  count: number,
): { readonly count: number; readonly end: number } {
  const { length, words } = memory;
  const alike = length !== undefined && length >= leastOf(codec) && emittable(codec).accepts === undefined;
  if (alike) return { count, end: memory.used };
  let end = at;
  for (let index = 0; index < count; index++) {
    if (!isReadable(codec, memory, end)) return { count: index, end };
    end = padded(end + headerBytes + (words[end / 4] ?? 0));
  }
  return { count, end };
}
