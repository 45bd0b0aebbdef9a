/** Keys whose values do not tell all of their bytes: walks give what bpftool finds, and raw keys name each. */
import { type BpfMap, createMap, type PerCpuMap } from 'libbpf-ts';
import { bool, type Codec, f32, map, s32, struct, text, u32, u64 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { dumped, updated, words } from '../support/map-oracle.js';
import { need } from '../support/need.js';

const padded = struct<{ cg: bigint; llc: number }>('struct padkey', 16, { cg: [0, u64], llc: [8, s32] });
const latin = (bytes: string, length: number) => Buffer.from(bytes.padEnd(length, '\0'), 'latin1');

interface Case {
  readonly title: string;
  readonly codec: Codec<unknown>;
  /** Bytes that bpftool writes, and what each reads as. */
  readonly keys: readonly (readonly [Buffer, unknown])[];
}

const cases: readonly Case[] = [
  {
    title: 'padding that a program left dirty',
    codec: padded,
    keys: [
      [words(5, 0, 6, 0), { cg: 5n, llc: 6 }],
      [words(5, 0, 6, 0xffffffff), { cg: 5n, llc: 6 }],
      [words(7, 0, 8, 0xffffffff), { cg: 7n, llc: 8 }],
    ],
  },
  {
    title: 'bytes behind a NUL',
    codec: text(16),
    keys: [
      [latin('abc', 16), 'abc'],
      [latin('abc\0\0x', 16), 'abc'],
      [latin('zbc\0\0x', 16), 'zbc'],
    ],
  },
  {
    title: 'a name cut inside a character',
    codec: text(16),
    keys: [
      [latin('fifteen-bytes-\xc3\xa4', 16), 'fifteen-bytes-ä'],
      [latin('fifteen-bytes-\xc3', 16), 'fifteen-bytes-\ufffd'],
      [Buffer.from('fifteen-bytes-\xe2\x82', 'latin1'), 'fifteen-bytes-\ufffd'],
    ],
  },
  {
    title: '_Bool of 2',
    codec: bool,
    keys: [
      [Buffer.of(1), true],
      [Buffer.of(2), true],
    ],
  },
  {
    title: 'numbers that are none',
    codec: f32,
    keys: [
      [words(0x7fc00000), Number.NaN],
      [words(0x7fc00001), Number.NaN],
    ],
  },
];

type AnyMap = BpfMap<unknown, number, 'hash'>;

/** A hash that bpftool has filled: each key with its number, from 1. */
async function filled({ codec, keys }: Case): Promise<AnyMap> {
  const made = (await createMap(map('hash', codec, u32), { maxEntries: 16 })) as AnyMap;
  for (const [index, [bytes]] of keys.entries()) updated(made.info.id, bytes, words(index + 1));
  return made;
}

const byValue = (entries: Iterable<[unknown, number]>) => [...entries].sort(([, a], [, b]) => a - b);

describe.each(cases)('$title', each => {
  const wanted = each.keys.map(([, value], index) => [value, index + 1]);

  it('is met by every walk, with its own entry', async () => {
    using counts = await filled(each);
    expect(byValue(counts)).toEqual(wanted);
    expect(byValue(counts.entries())).toEqual(wanted);
    expect([...counts.values()].sort()).toEqual(wanted.map(([, value]) => value));
    expect(byValue(await counts.snapshot())).toEqual(wanted);
    expect(counts.count()).toBe(each.keys.length);
  });

  it('is named by a raw key, as bpftool has it', async () => {
    using counts = await filled(each);
    const inKernel = dumped(counts.info.id).map(([key]) => key?.toString('hex'));
    const raw = [...counts.rawKeys()];
    expect(raw.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(inKernel);
    expect(
      raw.map(key => [key.value, counts.get(key)]).sort(([, a], [, b]) => Number(a) - Number(b)),
    ).toEqual(wanted);
    const steps = raw.map(key => counts.next(key)?.bytes);
    expect(steps).toEqual([...raw.slice(1).map(({ bytes }) => bytes), undefined]);
    const [first, ...others] = raw;
    if (first === undefined) throw new Error('the map is empty');
    counts.set(first, 99);
    expect([counts.get(first), counts.delete(first)]).toEqual([99, true]);
    expect([counts.has(first), counts.delete(first)]).toEqual([false, false]);
    expect(await counts.getBatch([first, ...others])).toEqual([
      undefined,
      ...others.map(key => counts.get(key)),
    ]);
    expect(await counts.deleteBatch([first, ...others])).toBe(others.length);
    expect(dumped(counts.info.id)).toEqual([]);
  });

  it('is taken by a raw key', async context => {
    need(context, 'map.take');
    using counts = await filled(each);
    const taken = [...counts.rawKeys()].map(key => counts.take(key));
    expect([...taken].sort()).toEqual(wanted.map(([, value]) => value));
    expect(dumped(counts.info.id)).toEqual([]);
  });
});

it('a per-CPU hash walks by the kernel’s keys too', async () => {
  const kind = map('percpu_hash', padded, u64);
  using counts = (await createMap(kind, { maxEntries: 8 })) as PerCpuMap<{ cg: bigint; llc: number }, bigint>;
  const [clean, dirty] = [words(5, 0, 6, 0), words(5, 0, 6, 9)].map(bytes => counts.rawKey(bytes));
  if (clean === undefined || dirty === undefined) throw new Error('two keys were made');
  counts.setAll(clean, 1n).setAll(dirty, 2n);
  expect(
    dumped(counts.info.id)
      .map(([key]) => key.readUInt32LE(12))
      .sort(),
  ).toEqual([0, 9]);
  expect([...counts.values()].map(([first]) => first).sort()).toEqual([1n, 2n]);
  expect([counts.getCpu(dirty, 0), counts.reduced('max').get(clean)]).toEqual([2n, 1n]);
});

it('a raw key of another length is refused', async () => {
  using counts = await createMap(map('hash', text(16), u32), { maxEntries: 4 });
  const refusal = expect.objectContaining({
    code: 'ERR_BPF_VALUE',
    message: expect.stringContaining('16 bytes, got 3'),
  });
  expect(() => counts.rawKey(new Uint8Array(3))).toThrow(refusal);
  using others = await createMap(map('hash', text(3), u32), { maxEntries: 4 });
  expect(() => counts.get(others.rawKey(new Uint8Array(3)))).toThrow(refusal);
});
