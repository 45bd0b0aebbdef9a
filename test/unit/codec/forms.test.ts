/** Forms by object, type and field, over bytes that clang laid out; addresses against what URL makes of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Btf, Elf } from '../../../lib/btf/index.js';
import {
  codecOf,
  decode,
  encode,
  type Forms,
  flags,
  ipv4,
  ipv6,
  mac,
  u32,
} from '../../../lib/codec/index.js';
import { describeObject, emit } from '../../../lib/gen/index.js';
import { compile } from '../../support/clang.js';

const source = `
typedef unsigned char __u8; typedef unsigned short __u16; typedef unsigned int __u32; typedef unsigned long long __u64;
typedef __u16 __be16; typedef __u32 __be32; typedef __u64 __be64; typedef __u16 __le16;
enum bits { READ = 1, WRITE = 2, BOTH = 3, EXEC = 4 };
struct in6_addr { union { __u8 bytes[16]; __be32 words[4]; } in6_u; };
struct packet {
  __be16 port; __be32 source, more[2]; __be64 cookie; __le16 plain;
  __u64 ts; long long delta; __u64 short_ts : 40; struct in6_addr to; __u8 mac[6]; char name[8]; __u8 label[4]; enum bits mode;
};
struct packet one = {
  .port = 0x5000, .source = 0x0100007f, .more = { 0x0101a8c0, 0 }, .cookie = 1, .plain = 7,
  .ts = 1ull << 40, .delta = -5, .short_ts = 9, .to = { { { 0x20, 1, 0xd, 0xb8, [15] = 1 } } }, .mac = { 2, 0, 0x5e, 0x10, 0, 1 },
  .name = { 0xff, 'a' }, .label = "abc", .mode = 7,
};
`;
const { bytes } = compile(source, 'bpfel');
const elf = Elf.parse(bytes, 'x.bpf.o');
const btf = Btf.fromElf(elf);
const record = elf.section('.data')?.bytes ?? expect.fail();

function read(forms?: Forms) {
  const codec = codecOf(btf, btf.get('struct packet').id, forms);
  const value = decode(codec, record) as Record<string, unknown>;
  expect(Array.from(encode(codec, value))).toEqual(
    forms?.fields?.['packet.name'] ? Array.from(record) : expect.anything(),
  );
  return value;
}

describe('forms', () => {
  it('are exact where nothing is said; network order is read as host order', () => {
    const value = decode(codecOf(btf, btf.get('struct packet').id), record);
    expect(value).toMatchObject({ port: 80, source: 0x7f000001, cookie: 1n << 56n, plain: 7 });
    expect(value).toMatchObject({ ts: 1n << 40n, delta: -5n, short_ts: 9n, mode: 7, name: '\ufffda' });
  });

  it('are said of all, of a type, of a field, the nearest counting', () => {
    const forms: Forms = {
      all: 'number',
      types: { __u64: 'bigint', 'struct in6_addr': 'ipv6', 'enum bits': 'flags', __be32: 'ipv4' },
      fields: { 'packet.ts': 'rounded', 'packet.mac': 'mac', 'packet.name': 'bytes', 'packet.label': 'text' },
    };
    expect(read(forms)).toMatchObject({
      source: '127.0.0.1',
      more: ['192.168.1.1', '0.0.0.0'],
      ts: 2 ** 40,
      delta: -5,
      short_ts: 9n,
      to: '2001:db8::1',
      mac: '02:00:5e:10:00:01',
      name: Uint8Array.of(0xff, 0x61, 0, 0, 0, 0, 0, 0),
      label: 'abc',
      mode: ['BOTH', 'EXEC'],
    });
  });

  it('throw where a number is not exact, unless it may be rounded', () => {
    const big = Uint8Array.from(record);
    big.fill(
      255,
      btf.get('struct packet').member('ts').offset,
      btf.get('struct packet').member('ts').offset + 8,
    );
    const codec = (form: 'number' | 'rounded') => codecOf(btf, btf.get('struct packet').id, { all: form });
    expect(() => decode(codec('number'), big)).toThrow(/is beyond 2\^53/);
    expect(decode(codec('rounded'), big)).toMatchObject({ ts: 2 ** 64 });
  });

  it.each<[string, Forms, RegExp]>([
    ['a type that is not there', { types: { __u46: 'number' } }, /type __u46 is in no type/],
    ['a field that is not there', { fields: { 'packet.tss': 'number' } }, /field packet\.tss is in no type/],
    [
      'a form that does not fit',
      { fields: { 'packet.port': 'ipv4' } },
      /int unsigned short, .* cannot be read as ipv4/,
    ],
    ['flags that are no enum', { fields: { 'packet.port': 'flags' } }, /cannot be read as flags/],
    ['text of a number', { fields: { 'packet.ts': 'text' } }, /cannot be read as text/],
    ['text of an array of numbers', { fields: { 'packet.more': 'text' } }, /cannot be read as text/],
    ['text of a struct', { fields: { 'packet.to': 'text' } }, /cannot be read as text/],
  ])('are refused: %s', (_, forms, message) => {
    const choose = () => describeObject(bytes, 'x.bpf.o', { forms });
    expect(choose).toThrow(message);
    expect(choose).toThrow(expect.objectContaining({ code: 'ERR_BPF_ARGUMENT' }));
  });

  it('are in generated modules too', () => {
    const forms: Forms = { all: 'number', fields: { 'packet.to': 'ipv6', 'packet.mode': 'flags' } };
    const text = emit(bytes, 'x.bpf.o', { forms });
    expect(text).toContain('ts: number;');
    expect(text).toMatch(/ts: \[\d+, u64number\]/);
    expect(text).toMatch(/to: \[\d+, ipv6\]/);
    expect(text).toContain("flags('enum bits', u32, { READ: 1, WRITE: 2, BOTH: 3, EXEC: 4 })");
  });
});

describe('addresses', () => {
  it('are written as URL writes them, and read back', () => {
    const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(groups, all => {
        const raw = Uint8Array.from(all.flatMap(group => [group >> 8, group & 255]));
        const text = decode(ipv6, raw);
        expect(encode(ipv6, text)).toEqual(raw);
        expect(new URL(`http://[${text}]`).hostname).toBe(
          new URL(`http://[${all.map(n => n.toString(16)).join(':')}]`).hostname,
        );
        if (!text.includes('.')) expect(`[${text}]`).toBe(new URL(`http://[${text}]`).hostname);
      }),
    );
  });

  it.each(['::ffff:192.0.2.1', '::', '::1', '1::', 'fe80::1:0:0:1'])(
    '%s is the same after a way there and back',
    text => {
      expect(decode(ipv6, encode(ipv6, text))).toBe(text);
    },
  );

  it.each<[typeof ipv4, string]>([
    [ipv4, '1.2.3'],
    [ipv4, '1.2.3.256'],
    [ipv4, '01.2.3.4'],
    [ipv6, '1::2::3'],
    [ipv6, '1:2:3:4:5:6:7:8:9'],
    [ipv6, ':::'],
    [ipv6, '1:2:3:4:5:6:7'],
    [ipv6, '::g'],
    [mac, '02:00'],
    [mac, '02:00:5e:10:00:0'],
  ])('are refused where they are none: %#', (codec, text) => {
    expect(() => encode(codec, text)).toThrow(/ERR_BPF_VALUE, takes an? .* address as/);
  });
});

describe('flags', () => {
  const codec = flags('enum f', u32, { NONE: 0, A: 1, B: 2, AB: 3, HIGH: 0x80000000 });

  it('are names of bits, and what has no name as an integer', () => {
    expect(decode(codec, Uint8Array.of(3, 0, 0, 0x80))).toEqual(['AB', 'HIGH']);
    expect(decode(codec, Uint8Array.of(9, 0, 0, 0))).toEqual(['A', 8]);
    expect(decode(codec, new Uint8Array(4))).toEqual([]);
    expect(Array.from(encode(codec, ['B', 8]))).toEqual([10, 0, 0, 0]);
  });

  it('are all read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), value => {
        const raw = encode(u32, value);
        expect(encode(codec, decode(codec, raw))).toEqual(raw);
      }),
    );
  });
});
