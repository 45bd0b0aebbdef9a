/** Where each type record starts: one pass over the words, one number per type. */
import type { BtfImage } from './btf-image.js';
import { malformedBtf } from './malformed.js';
import { btfKinds } from './type.js';

/** Words of a record before what its kind adds: name, info, size or type. */
export const headWords = 3;

/** What a kind adds to its record: words in all, and words for each of its `vlen` entries. */
const bodies: Readonly<Record<number, readonly [once: number, each: number]>> = {
  1: [1, 0],
  2: [0, 0],
  3: [3, 0],
  4: [0, 3],
  5: [0, 3],
  6: [0, 2],
  7: [0, 0],
  8: [0, 0],
  9: [0, 0],
  10: [0, 0],
  11: [0, 0],
  12: [0, 0],
  13: [0, 2],
  14: [1, 0],
  15: [0, 3],
  16: [0, 0],
  17: [1, 0],
  18: [0, 0],
  19: [0, 3],
};

const once = Uint32Array.from(btfKinds, (_, kind) => bodies[kind]?.[0] ?? 0);
const each = Uint32Array.from(btfKinds, (_, kind) => bodies[kind]?.[1] ?? 0);

/** Kind number in a record's info word. */
export function kindOfInfo(info: number): number {
  return (info >>> 24) & 0x7f;
}

/** Number of entries in a record's info word; producers before 2026 used 16 of its 24 bits. */
export function lengthOfInfo(info: number): number {
  return info & 0xffffff;
}

/** Index of each record's first word, in order; and what kinds were skipped. */
interface TypeIndex {
  readonly starts: Uint32Array;
  readonly notes: readonly string[];
}

/** Finds every record. A kind that this version does not know is skipped where the BTF says how long its records are. */
export function indexTypes(image: BtfImage, subject: string): TypeIndex {
  const { words } = image;
  const starts = new Uint32Array(Math.floor(words.length / headWords));
  const skipped = new Map<number, number>();
  let count = 0;
  for (let at = 0; at < words.length; count++) {
    starts[count] = at;
    const kind = kindOfInfo(words[at + 1] ?? 0);
    if (kind >= btfKinds.length) skipped.set(kind, (skipped.get(kind) ?? 0) + 1);
    at = recordEnd(image, at, subject);
  }
  return { starts: starts.slice(0, count), notes: [...skipped].map(([kind, of]) => note(kind, of)) };
}

function note(kind: number, count: number): string {
  return `${count} ${count === 1 ? 'type' : 'types'} of BTF kind ${kind} skipped, which this version does not know`;
}

function recordEnd(image: BtfImage, at: number, subject: string): number {
  const { words } = image;
  const info = words[at + 1] ?? 0;
  const kind = kindOfInfo(info);
  const known = kind > 0 && kind < btfKinds.length;
  const layout = known ? undefined : image.layouts[kind];
  if (kind === 0 || (!known && !layout)) throw unknownKind(image, at, kind, subject);
  const body = (layout?.once ?? once[kind] ?? 0) + (layout?.each ?? each[kind] ?? 0) * lengthOfInfo(info);
  const end = at + headWords + body;
  if (end <= words.length) return end;
  const what = `a BTF ${btfKinds[kind] ?? `record of kind ${kind}`} of ${(end - at) * 4} bytes`;
  throw malformedBtf(subject, `${what} ${place(image, at)} does not end in the type section`);
}

function unknownKind(image: BtfImage, at: number, kind: number, subject: string): Error {
  const reason = `BTF kind ${kind} ${place(image, at)}, which this version does not know`;
  return malformedBtf(subject, reason, 'it has no layout section that would say how to skip it');
}

function place({ wordsOffset }: BtfImage, at: number): string {
  return `at offset ${wordsOffset + at * 4}`;
}
