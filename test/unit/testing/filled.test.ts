/** Records that are said in part: nested structs, unions and bit fields, by the codecs that the bytes are made with. */
import { expect, it } from 'vitest';
import { array, bits, decode, encode, struct, text, u8, u16, u32, u64 } from '../../../lib/codec/index.js';
import { filled } from '../../../lib/testing/filled.js';

const Inner = struct<{ a: number; b: number }>('struct inner', 4, { a: [0, u16], b: [2, u16] });
const Outer = struct<Record<string, unknown>>('struct outer', 40, {
  id: [0, u64],
  name: [8, text(8)],
  inner: [16, Inner],
  word: [20, u32],
  half: [20, u16],
  low: [24, bits(u32, 0, 4)],
  high: [24, bits(u32, 4, 4)],
  many: [32, array(u8, 8)],
});

it.each<[object, Record<string, unknown>]>([
  [{}, {}],
  [{ id: 1n }, { id: 1n }],
  [{ inner: { b: 2 } }, { inner: { a: 0, b: 2 } }],
  [{ half: 3 }, { half: 3, word: 3 }],
  [{ word: 0x10002 }, { word: 0x10002, half: 2 }],
  [{ high: 5 }, { high: 5 }],
])('case %#', (said, expected) => {
  const zero = decode(Outer, new Uint8Array(40));
  expect(decode(Outer, encode(Outer, filled(Outer, said) as Record<string, unknown>))).toEqual({
    ...zero,
    ...expected,
  });
});

it('leaves what is no part of a type to its codec', () => {
  expect(() => encode(Outer, filled(Outer, { id: 'x' }) as Record<string, unknown>)).toThrow(
    /ERR_BPF_VALUE.*id/,
  );
});
