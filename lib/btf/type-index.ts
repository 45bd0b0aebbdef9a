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
  return (info >>> 24) & 0x1f;
}

/** Index of each record's first word, in order. */
export function indexTypes(image: BtfImage, subject: string): Uint32Array {
  const { words } = image;
  const starts = new Uint32Array(Math.floor(words.length / headWords));
  let count = 0;
  for (let at = 0; at < words.length; count++) {
    starts[count] = at;
    at = recordEnd(image, at, subject);
  }
  return starts.slice(0, count);
}

function recordEnd({ words, wordsOffset }: BtfImage, at: number, subject: string): number {
  const info = words[at + 1] ?? 0;
  const kind = kindOfInfo(info);
  const end = at + headWords + (once[kind] ?? 0) + (each[kind] ?? 0) * (info & 0xffff);
  if (kind > 0 && kind < btfKinds.length && end <= words.length) return end;
  const where = `at offset ${wordsOffset + at * 4}`;
  if (kind > 0 && kind < btfKinds.length) {
    const bytes = (end - at) * 4;
    throw malformedBtf(
      subject,
      `a BTF ${btfKinds[kind]} of ${bytes} bytes ${where} does not end in the type section`,
    );
  }
  throw malformedBtf(subject, `BTF kind ${kind} ${where}, which this version does not know`);
}
