/** What does not fit is refused with the map, the member and the limit in the message, and changes nothing. */
import { BpfError, createMapSync } from 'libbpf-ts';
import { decode, enumeration, map, s8, struct, text, u8, u32, u64 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { dumped } from '../support/map-oracle.js';

const Level = enumeration('enum level', u32, { LOW: 1, HIGH: 2 });
const Row = struct<{
  small: number;
  signed: number;
  name: string;
  count: bigint;
  level: 'LOW' | 'HIGH' | number;
}>('struct row', 24, {
  small: [0, u8],
  signed: [1, s8],
  name: [2, text(6)],
  count: [8, u64],
  level: [16, Level],
});
const good = { small: 255, signed: -128, name: 'abcdef', count: 2n ** 64n - 1n, level: 'HIGH' as const };

function rows() {
  return createMapSync(map('hash', u32, Row), { name: 'rows', maxEntries: 2 });
}

describe('a value that does not fit', () => {
  it.each([
    ['300 in a u8', { ...good, small: 300 }, /small takes an integer from 0 to 255, got 300/],
    ['-1 in a u8', { ...good, small: -1 }, /small takes an integer from 0 to 255, got -1/],
    ['-129 in an s8', { ...good, signed: -129 }, /signed takes an integer from -128 to 127, got -129/],
    ['NaN', { ...good, small: Number.NaN }, /small takes an integer from 0 to 255, got NaN/],
    ['1.5', { ...good, small: 1.5 }, /small takes an integer from 0 to 255, got 1.5/],
    ['2^64', { ...good, count: 2n ** 64n }, /count takes .*2n \*\* 64n - 1n, got 18446744073709551616n/],
    ['-1n', { ...good, count: -1n }, /count takes .*got -1n/],
    ['a number for a bigint', { ...good, count: 7 }, /count takes .*got 7/],
    ['a longer name', { ...good, name: 'abcdefg' }, /name takes .*6/],
    ['a number for a name', { ...good, name: 7 }, /name takes .*got 7/],
    ['an unknown name of an enum', { ...good, level: 'MIDDLE' }, /level takes .*LOW.*HIGH.*"?MIDDLE"?/],
    ['a missing member', { small: 1, signed: 1, name: '', count: 1n }, /level/],
    ['null', null, /takes/],
    ['no object', 7, /takes/],
  ])('%s', (_, bad, message) => {
    using kept = rows();
    kept.set(1, good);
    const before = dumped(kept.info.id);
    const refusals = [() => kept.set(1, bad as never), () => kept.set(2, bad as never)];
    for (const refusal of refusals) {
      expect(refusal).toThrow(message);
      expect(refusal).toThrow(/^write the value of map rows: ERR_BPF_VALUE, /);
      expect(refusal).toThrow(BpfError);
    }
    expect(dumped(kept.info.id)).toEqual(before);
    expect(kept.get(1)).toEqual(good);
  });
});

describe('a key that does not fit', () => {
  it.each([
    ['-1', -1],
    ['2^32', 2 ** 32],
    ['NaN', Number.NaN],
    ['text', '1'],
    ['a bigint', 1n],
    ['nothing', undefined],
  ])('%s', (_, key) => {
    using kept = rows();
    kept.set(1, good);
    const calls = [
      () => kept.get(key as never),
      () => kept.has(key as never),
      () => kept.set(key as never, good),
      () => kept.delete(key as never),
      () => kept.take(key as never),
    ];
    for (const call of calls)
      expect(call).toThrow(
        /^write the key of map rows: ERR_BPF_VALUE, takes an integer from 0 to 4294967295/,
      );
    expect([...kept.keys()]).toEqual([1]);
  });
});

it('says how much a full map holds, and keeps what it has', async () => {
  using kept = rows();
  kept.set(1, good).set(2, good);
  expect(() => kept.set(3, good)).toThrow(/^update map rows: E2BIG, .*it holds 2 entries at most/);
  expect(() => kept.set(3, good, 'exist')).toThrow(/^update map rows: ENOENT, .*the key is not there/);
  expect(() => kept.set(1, good, 'noexist')).toThrow(/^update map rows: EEXIST, .*the key is there/);
  expect(kept.set(1, { ...good, small: 0 }).get(1)?.small).toBe(0);
  expect(() => kept.set(1, good, 'never' as 'any')).toThrow(
    /^update map rows: ERR_BPF_ARGUMENT, there is no flag never; there are any, noexist, exist/,
  );
  await expect(kept.setBatch([[2, good]], 'noexist')).rejects.toThrow(/EEXIST, .*the first 0 entries/);
  expect(await kept.setBatch([[2, good], [1, good]], 'exist')).toBe(2); // biome-ignore format: a table
  kept.delete(2);
  await expect(kept.setBatch([[1, good], [2, good]], 'exist')).rejects.toThrow(/ENOENT, .*the first 1 entries/); // biome-ignore format: a table
  expect(await kept.setBatch([[2, good]], 'noexist')).toBe(1);
  await expect(kept.setBatch([], 'never' as 'any')).rejects.toThrow(/^update map rows: .* no flag never/);
  expect(kept.count()).toBe(2);
  using slots = createMapSync(map('array', u32, u8), { name: 'slots', maxEntries: 4 });
  expect(() => slots.set(4, 1)).toThrow(/^update map slots: E2BIG, .*its indices are 0 to 3/);
});

it("reads bytes into the caller's memory, where they fit", () => {
  using kept = rows();
  const [into, other] = [new Uint8Array(24).fill(1), new Uint8Array(32).fill(1)];
  expect([kept.getInto(1, into), into.every(byte => byte === 1)]).toEqual([false, true]);
  kept.set(1, good);
  expect([kept.getInto(1, into), decode(Row, into)]).toEqual([true, good]);
  expect(kept.getInto(1, other.subarray(4, 28))).toBe(true);
  expect([other.subarray(4, 28), other.subarray(0, 4), other.subarray(28)].map(String)).toEqual(
    [into, [1, 1, 1, 1], [1, 1, 1, 1]].map(String),
  );
  for (const bad of [new Uint8Array(23), other, new DataView(into.buffer), null, 24])
    expect(() => kept.getInto(1, bad as never)).toThrow(
      /^look up in map rows: ERR_BPF_VALUE, an entry takes a Uint8Array of 24 bytes, got/,
    );
});

it('refuses each call once the map is closed', async () => {
  const kept = rows();
  kept.closeSync();
  const calls = [
    () => kept.get(1),
    () => kept.getInto(1, new Uint8Array(24)),
    () => kept.has(1),
    () => kept.set(1, good),
    () => kept.delete(1),
    () => kept.take(1),
    () => kept.next(),
    () => [...kept],
    () => kept.count(),
    () => kept.freeze(),
    () => kept.info,
    () => kept.fd,
    () => kept.share(),
    () => kept.pinSync('/x'),
  ];
  for (const call of calls)
    expect(call).toThrow(/map rows( to \/x)?: ERR_BPF_CLOSED, map rows is closed \(open it again/);
  for (const call of many(kept)) await expect(call()).rejects.toThrow(/map rows: ERR_BPF_CLOSED/);
});

/** Calls on many entries. */
function many(kept: ReturnType<typeof rows>): (() => Promise<unknown>)[] {
  return [
    () => kept.setBatch([[1, good]]),
    () => kept.deleteBatch([1]),
    () => kept.takeAll(),
    () => kept.getBatch([1]),
    () => kept.snapshot(),
    () => kept.snapshot({ as: 'columns' }),
    async () => kept[Symbol.asyncIterator]().next(),
  ];
}

it('is read and not written by calls on many entries once it is frozen', async () => {
  using kept = rows();
  kept.set(1, good).freeze();
  const calls = many(kept);
  for (const call of calls.splice(0, 3)) await expect(call()).rejects.toThrow(/map rows: EPERM, .*frozen/);
  await expect(kept.setBatch([[1, good]])).rejects.toThrow(/the first 0 entries were written/);
  for (const call of calls) await call();
  expect([...kept]).toEqual([[1, good]]);
});

it('writes the key and value that were given, whatever the value does when it is read', () => {
  using kept = rows();
  kept.set(2, { ...good, name: 'other', count: 5n });
  const meddling = {
    ...good,
    get small() {
      expect(kept.get(2)?.name).toBe('other');
      return 1;
    },
    get count() {
      kept.set(2, { ...good, count: 9n });
      return 3n;
    },
  };
  kept.set(1, meddling);
  expect([kept.get(1), kept.get(2)?.count]).toEqual([{ ...good, small: 1, count: 3n }, 9n]);
});

it('has values of per-CPU maps counted and checked one by one', () => {
  using hits = createMapSync(map('percpu_hash', u32, u8), { name: 'hits', maxEntries: 2 });
  const all = Array.from({ length: hits.cpus }, () => 1);
  hits.set(1, all);
  expect(() => hits.set(1, [...all, 1])).toThrow(
    /^write the value of map hits: ERR_BPF_VALUE, one value for each of/,
  );
  expect(() => hits.set(1, 1 as never)).toThrow(/not number/);
  expect(() => hits.set(1, [...all.slice(1), 256])).toThrow(
    /value of map hits: ERR_BPF_VALUE, \[\d+\] takes an integer from 0 to 255, got 256/,
  );
  expect(() => hits.setAll(1, 256)).toThrow(
    /value of map hits: ERR_BPF_VALUE, takes an integer from 0 to 255, got 256/,
  );
  expect(hits.get(1)).toEqual(all);
});
