/** Writers that are emitted write what fits by themselves: the slow path, which would hide what is wrong, is not taken. */
import { describe, expect, it } from 'vitest';
import {
  array,
  bits,
  bytes,
  type Codec,
  decode,
  encode,
  enumeration,
  flags,
  ipv4,
  ipv6,
  mac,
  pointer,
  s8,
  s16,
  s32,
  s64,
  struct,
  text,
  u8,
  u16,
  u32,
  u64,
} from '../../../lib/codec/index.js';
import { emittable } from '../../../lib/codec/inline.js';
import { compileWriter } from '../../../lib/codec/writer.js';
import { Event, event } from './samples.js';

const Pair = struct('struct pair', 8, {
  low: [0, bits(u32, 0, 4)],
  high: [0, bits(u32, 4, 28)],
  next: [4, u32],
});

const cases: readonly (readonly [string, Codec<never>, unknown])[] = [
  ['u8', u8, 255], ['u16', u16, 65535], ['u32', u32, 2 ** 32 - 1], ['u64', u64, 2n ** 64n - 1n],
  ['s8', s8, -128], ['s16', s16, -1], ['s32', s32, -(2 ** 31)], ['s64', s64, -(2n ** 63n)],
  ['pointer', pointer, 2n ** 63n], ['text', text(8), 'seven..'], ['bytes', bytes(6), Uint8Array.of(1, 2, 3, 4, 5, 6)],
  ['array', array(u16, 3), [1, 2, 3]], ['array of structs', array(Pair, 2), [{ low: 1, high: 2, next: 3 }, { low: 15, high: 0, next: 0 }]],
  ['enumeration', enumeration('enum e', u32, { ON: 1 }), 'ON'], ['flags', flags('enum f', u32, { A: 1, B: 2 }), ['A', 'B']],
  ['ipv4', ipv4, '127.0.0.1'], ['ipv6', ipv6, '2001:db8::1'], ['mac', mac, '02:00:5e:10:00:01'],
  ['struct', Pair, { low: 3, high: 9, next: 1 }], ['struct with a tail', Event, event],
] as never; // biome-ignore format: a table

describe('an emitted writer', () => {
  it.each(cases)('of %s needs no other', (_, codec, value) => {
    const expected = encode(codec, value as never);
    const parts = emittable(codec as Codec<unknown>);
    const put = () => expect.unreachable('the slow path was taken');
    // What has no statements of its own is called, by its closure, which is then the only path.
    if (parts.store === undefined) return expect(parts.put).toBeTypeOf('function');
    const room = new Uint8Array(expected.length).fill(0xaa);
    compileWriter({ ...parts, put })(new DataView(room.buffer), 0, value);
    expect(room).toEqual(expected);
    expect(decode(codec, room)).toEqual(value);
  });

  it('is there for all but addresses, which are text, and what ends in an array of any length', () => {
    const without = cases.filter(([, codec]) => emittable(codec as Codec<unknown>).store === undefined);
    expect(without.map(([name]) => name)).toEqual(['ipv4', 'ipv6', 'mac', 'struct with a tail']);
  });
});
