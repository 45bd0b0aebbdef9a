/** What codecs refuse: values that do not fit, records that are too short. */
import { describe, expect, it } from 'vitest';
import {
  array,
  bits,
  bool,
  bytes,
  type Codec,
  decode,
  encode,
  pointer,
  s32,
  struct,
  text,
  u8,
  u16,
  u32,
  u64,
  u64number,
} from '../../../lib/codec/index.js';
import { Event, event, Point, State, wrong } from './samples.js';

describe('a value that does not fit', () => {
  it.each<[string, () => unknown, string]>([
    ['too large', () => encode(u8, 300), 'write u8: ERR_BPF_VALUE, takes an integer from 0 to 255, got 300'],
    ['negative', () => encode(u32, -1), 'takes an integer from 0 to 4294967295, got -1'],
    ['a fraction', () => encode(s32, 1.5), 'takes an integer from -2147483648 to 2147483647, got 1.5'],
    ['not a number', () => encode(u16, Number.NaN), 'got NaN'],
    [
      '2^64',
      () => encode(u64, 2n ** 64n),
      'takes a bigint from 0n to 2n ** 64n - 1n, got 18446744073709551616n',
    ],
    ['a number for a bigint', () => encode(pointer, wrong(5)), 'got 5 (write it as a bigint: 1n)'],
    ['a bigint for a number', () => encode(u32, wrong(5n)), 'got 5n'],
    ['above 2^53', () => encode(u64number, 2 ** 53), 'from 0 to 2^53 - 1, got 9007199254740992'],
    ['no boolean', () => encode(bool, wrong(1)), 'takes true or false, got 1'],
    [
      'a long string',
      () => encode(text(3), 'ñandú'),
      'takes at most 3 bytes of UTF-8, got "ñandú" (it has 7)',
    ],
    ['NUL', () => encode(text(3), 'a\0b'), 'without NUL'],
    ['other bytes', () => encode(bytes(3), Uint8Array.of(1)), 'takes a Uint8Array of 3, got 1 bytes'],
    [
      'an unknown name',
      () => encode(State, wrong('GONE')),
      'one of IDLE, BUSY, LAST or an integer, got "GONE"',
    ],
    ['a wide bitfield', () => encode(bits(u32, 0, 3), 8), 'takes an integer from 0 to 7, got 8'],
    [
      'a short array',
      () => encode(array(u8 as Codec<number>, 2), [1]),
      'takes an array of 2, got an array of 1',
    ],
    [
      'no object',
      () => encode(Point, wrong(null)),
      'write struct point: ERR_BPF_VALUE, takes an object, got null',
    ],
    ['an undefined member', () => encode(Point, wrong({ x: undefined, y: 1 })), 'x is missing, it takes s32'],
    ['a member by its name', () => encode(Point, wrong({ x: '1', y: 1 })), 'x takes an integer from'],
    ['a missing member', () => encode(Point, wrong({ x: 1 })), 'y is missing, it takes s32'],
    [
      'deep inside',
      () =>
        encode(Event, {
          ...event,
          points: [
            { x: 1, y: 2 },
            { x: 1, y: 2 ** 40 },
          ],
        }),
      'write struct event: ERR_BPF_VALUE, points[1].y takes an integer from -2147483648 to 2147483647, got 1099511627776',
    ],
  ])('is refused: %s', (_, write, message) => {
    expect(write).toThrow(message);
    expect(write).toThrow(expect.objectContaining({ code: 'ERR_BPF_VALUE' }));
  });

  it('is refused when read as a number that would not be exact', () => {
    expect(() => decode(u64number, new Uint8Array(8).fill(255))).toThrow(/ERR_BPF_VALUE, is beyond 2\^53/);
  });
});

describe('a record that is too short', () => {
  it.each<[string, Codec<unknown>, number]>([
    ['struct event', Event, 27],
    ['u64', u64, 7],
    ['char[8]', text(8), 0],
    ['u16[2]', array(u16, 2), 3],
  ])('is refused: %s', (type, codec, length) => {
    const read = () => decode(codec, new Uint8Array(length));
    expect(read).toThrow(`read ${type}: ERR_BPF_RECORD, needs ${codec.size} bytes, got ${length}`);
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_BPF_RECORD' }));
  });
});

it('a layout whose members lie outside its size is refused', () => {
  expect(() => struct('struct s', 4, { a: [2, u32] })).toThrow(
    'lay out struct s: ERR_BPF_ARGUMENT, a does not lie',
  );
});
