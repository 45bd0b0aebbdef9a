/** Members that moved, grew, came or went between two versions of a type. */
import { struct, u32, u64 } from 'libbpf-ts/codec';
import { expect, it } from 'vitest';
import { typeDifferences } from '../../../lib/object/adoption/type-differences.js';

const inner = struct('struct inner', 8, { low: [0, u32], high: [4, u32] });

it('tells each member that differs, in structs of structs too', () => {
  const old = struct('struct tally', 24, { packets: [0, u64], bytes: [8, u64], part: [16, inner] });
  const swapped = struct('struct inner', 8, { high: [0, u32], low: [4, u32] });
  const now = struct('struct tally', 24, { packets: [0, u32], drops: [8, u64], part: [16, swapped] });
  expect(typeDifferences('value', old, now)).toEqual([
    'value.bytes is there, should not',
    'value.packets has 8 bytes, should have 4',
    'value.drops is not there',
    'value.part.high is at 20, should be at 16',
    'value.part.low is at 16, should be at 20',
  ]);
});

it('takes types of one size and one shape for the same', () => {
  const other = struct('struct renamed', 8, { low: [0, u32], high: [4, u32] });
  expect(typeDifferences('value', inner, other)).toEqual([]);
  expect(typeDifferences('key', u32, u32)).toEqual([]);
});
