/** What codecs read and write, one by one. */
import { describe, expect, it } from 'vitest';
import {
  array,
  bits,
  bool,
  bytes,
  type Codec,
  decode,
  encode,
  f32,
  f64,
  replacer,
  s8,
  s32,
  s64,
  s64number,
  s128,
  struct,
  text,
  u8,
  u16,
  u32,
  u32be,
  u64number,
  u128be,
  union,
} from '../../../lib/codec/index.js';
import { Event, event, Point, State, Wide, wrong } from './samples.js';

describe('values', () => {
  it.each<[string, Codec<unknown>, unknown, number[]]>([
    ['u16', u16, 0x1234, [0x34, 0x12]],
    ['u32be', u32be, 0x12345678, [0x12, 0x34, 0x56, 0x78]],
    ['s8', s8, -2, [0xfe]],
    ['s64', s64, -2n, [0xfe, 255, 255, 255, 255, 255, 255, 255]],
    ['u64number', u64number, 2 ** 53 - 1, [255, 255, 255, 255, 255, 255, 0x1f, 0]],
    ['s64number', s64number, -3, [0xfd, 255, 255, 255, 255, 255, 255, 255]],
    ['s128', s128, -1n, Array(16).fill(255)],
    ['u128be', u128be, 258n, [...Array(14).fill(0), 1, 2]],
    ['bool', bool, true, [1]],
    ['f32', f32, 1.5, [0, 0, 0xc0, 0x3f]],
    ['f64', f64, -2, [0, 0, 0, 0, 0, 0, 0, 0xc0]],
    ['text', text(8), 'añ', [0x61, 0xc3, 0xb1, 0, 0, 0, 0, 0]],
    ['text without NUL', text(2), 'ab', [0x61, 0x62]],
    ['bytes', bytes(3), Uint8Array.of(1, 2, 3), [1, 2, 3]],
    ['array', array(u16, 2), [1, 2], [1, 0, 2, 0]],
    ['long array', array(u8 as Codec<number>, 9), [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['flexible array', array(u16), [1, 2], [1, 0, 2, 0]],
    ['flexible text', text(), 'abc', [0x61, 0x62, 0x63]],
    ['enumeration', State, 'BUSY', [5, 0, 0, 0]],
    ['unknown value', State, 9, [9, 0, 0, 0]],
    ['64-bit enumeration', Wide, 'LEAST', [0, 0, 0, 0, 0, 0, 0, 0x80]],
    ['bits', bits(s32, 3, 5), -16, [0x80]],
  ])('%s are read and written', (_, codec, value, expected) => {
    expect(Array.from(encode(codec, value))).toEqual(expected);
    expect(decode(codec, Uint8Array.from(expected))).toEqual(value);
  });

  it('may be a struct with a flexible tail', () => {
    const written = encode(Event, event);
    expect(written.length).toBe(30);
    expect(decode(Event, written)).toEqual(event);
  });

  it('are read at an offset, up to an end', () => {
    const record = Uint8Array.of(0, 0, ...encode(Event, event), 77);
    expect(Event.read(new DataView(record.buffer), 2, 32)).toEqual(event);
  });

  it('outlive the record that they were read from', () => {
    const record = encode(Event, event);
    const value = decode(Event, record);
    record.fill(0);
    expect(value.args).toEqual(Uint8Array.of(9, 8));
  });

  it('of a union overlap, and are written as far as they are given', () => {
    const Address = union<{ word?: number; octets?: Uint8Array }>('union address', 4, {
      word: [0, u32be as Codec<number | undefined>],
      octets: [0, bytes(4) as Codec<Uint8Array | undefined>],
    });
    expect(decode(Address, Uint8Array.of(127, 0, 0, 1))).toEqual({
      word: 0x7f000001,
      octets: Uint8Array.of(127, 0, 0, 1),
    });
    expect(Array.from(encode(Address, { word: 0x7f000001 }))).toEqual([127, 0, 0, 1]);
    const loopback = decode(Address, Uint8Array.of(127, 0, 0, 1));
    expect(Array.from(encode(Address, loopback))).toEqual([127, 0, 0, 1]);
    expect(() => encode(Address, { ...loopback, word: 1 })).toThrow(
      /^write union address: ERR_BPF_VALUE, (word and octets|octets and word) share bytes and disagree \(a union/,
    );
  });

  it('are written over whatever was there, padding as zero, and nothing beside them', () => {
    const Padded = struct('struct padded', 24, { a: [1, u8], b: [4, bits(u32, 3, 2)], c: [16, u16] });
    const bytes = new Uint8Array(32).fill(0xff);
    Padded.write(new DataView(bytes.buffer), 4, { a: 1, b: 1, c: 2 });
    const expected = [0, 1, 0, 0, 8, ...Array(11).fill(0), 2, ...Array(7).fill(0)];
    expect(Array.from(bytes)).toEqual([255, 255, 255, 255, ...expected, 255, 255, 255, 255]);
  });

  it.each([-1, 1, 8, Number.NaN])('are not written at %d, outside the view', offset => {
    const around = new Uint8Array(32);
    const write = () => Point.write(new DataView(around.buffer, 12, 8), offset, { x: 1, y: 2 });
    expect(write).toThrow(expect.objectContaining({ code: 'ERR_BPF_RECORD' }));
    expect(Array.from(around)).toEqual(Array(32).fill(0));
  });

  it('may come from getters of a class, but not from what every object has', () => {
    class Middle {
      get x() {
        return 3;
      }
      y = 4;
    }
    expect(encode(Point, new Middle())).toEqual(encode(Point, { x: 3, y: 4 }));
    const Odd = struct<{ constructor: number }>('struct odd', 1, { constructor: [0, u8] });
    expect(() => encode(Odd, wrong({}))).toThrow('constructor is missing, it takes u8');
    expect(encode(Odd, wrong({ constructor: 5 }))).toEqual(Uint8Array.of(5));
  });

  it('have whatever names C and BTF give them', () => {
    const names = ['__proto__', 'constructor', 'a"b', "c'd", '\u2028', 'a`b', '7'];
    const layout = Object.fromEntries(names.map((name, i) => [name, [i, u8] as const]));
    const codec = struct<Record<string, number>>('struct hostile', 7, layout);
    const value = decode(codec, Uint8Array.of(1, 2, 3, 4, 5, 6, 7));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(new Map(Object.entries(value))).toEqual(new Map(names.map((name, i) => [name, i + 1])));
    expect(Array.from(encode(codec, value))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('become JSON with the replacer', () => {
    expect(JSON.stringify({ ts: 2n ** 64n, mac: Uint8Array.of(2, 255) }, replacer)).toBe(
      '{"ts":"18446744073709551616","mac":"02ff"}',
    );
  });
});
