/** Arenas: what a program makes of its pages, seen from here; one address for as long as it lives; nothing outside it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { createMapSync, mapKinds, openMapSync } from 'libbpf-ts';
import { map, struct, u8, u64 } from 'libbpf-ts/codec';
import { beforeEach, describe, expect, it } from 'vitest';
import { arena as skeleton } from '../bpf/arena.bpf.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

const pageSize = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
const Piece = struct<{ value: bigint; next: bigint }>('struct piece', 16, {
  value: [0, u64],
  next: [8, u64],
});
const four = { maxEntries: 4, flags: ['mmapable'] } as const;
const code = (expected: string) => expect.objectContaining({ code: expected });
/** How often files of the kernel's maps are mapped into this process. */
const mappings = () => readFileSync('/proc/self/maps', 'utf8').match(/bpf-map/g)?.length ?? 0;

beforeEach(context => need(context, 'arena'));

describe('the arena of a program', () => {
  it('is walked by the pointers that the program left in it', async () => {
    await using bpf = await skeleton.load();
    const { arena } = bpf.maps;
    bpf.globals.data.wanted = 4;
    await (await bpf.programs.list.attach()).text();
    const values: bigint[] = [];
    for (let at = bpf.globals.bss.head; at !== 0n; ) {
      using piece = arena.mmap(Piece, { offset: arena.offsetOf(at), count: 1 });
      values.push(piece.field('value').get(0));
      at = piece.get(0).next;
    }
    expect(values).toEqual([13n, 12n, 11n, 10n]);
  });

  it('is written by both, each seeing what the other wrote', async () => {
    await using bpf = await skeleton.load(watchGetppid);
    const { arena } = bpf.maps;
    using counts = arena.mmap(u64, { offset: 6 * pageSize, count: 2 });
    expect(counts.get(1)).toBe(0n);
    bpf.globals.bss.counter = arena.address + BigInt(6 * pageSize + 8);
    await bpf.programs.count.attach();
    callGetppid(2);
    expect([counts.add(1, 100n), counts.get(0)]).toEqual([10n, 0n]);
    callGetppid(1);
    expect(counts.get(1)).toBe(115n);
  });

  it('goes with its object, and what looked at it throws', async () => {
    const before = mappings();
    const bpf = await skeleton.load();
    const counts = bpf.maps.arena.mmap(u64);
    counts.set(0, 1n);
    expect(mappings()).toBeGreaterThan(before);
    await bpf.close();
    expect(() => counts.get(0)).toThrow(/read map arena: ERR_BPF_CLOSED, the memory of map arena is closed/);
    expect(() => counts.set(0, 1n)).toThrow(code('ERR_BPF_CLOSED'));
    expect(() => bpf.maps.arena.mmap(u64)).toThrow(/mmap map arena: ERR_BPF_CLOSED/);
    await setImmediate();
    expect(mappings()).toBe(before);
  });
});

describe('variables in an arena', () => {
  it('have the values that C gave them or a loader, and are those that the program adds to', async () => {
    const opened = await skeleton.open();
    expect(opened.globals.arena).toEqual({ tally: { step: 5, name: 'calls', total: 0n }, marks: [1n, 2n] });
    opened.globals.arena.tally = { step: 7, name: 'mine', total: 100n };
    opened.assign(watchGetppid);
    await using bpf = await opened.load();
    const { globals, maps, programs } = bpf;
    expect({ ...globals.arena }).toEqual({
      tally: { step: 7, name: 'mine', total: 100n },
      marks: [1n, 2n],
    });
    await programs.sum.attach();
    callGetppid(2);
    expect(globals.arena.tally.total).toBe(114n);
    globals.arena.tally = { step: 1, name: 'less', total: 0n };
    callGetppid(3);
    expect(globals.arena.tally).toEqual({ step: 1, name: 'less', total: 3n });
    // They are in the first of its pages, or in the last.
    const firsts = [0, maps.arena.size - pageSize].map(offset => maps.arena.mmap(u64, { offset }).get(0));
    expect(firsts).toContain(BigInt(1) + (BigInt(Buffer.from('less').readUInt32LE()) << 32n));
    expect(() => (globals.arena.marks = [1n])).toThrow(code('ERR_BPF_VALUE'));
    await bpf.close();
    expect(() => globals.arena.marks).toThrow(code('ERR_BPF_CLOSED'));
  });

  it('are not loaded where they do not fit, or where writing them would end this process', async () => {
    const small = await skeleton.open();
    small.maps.arena.maxEntries = 0;
    await expect(small.load()).rejects.toThrow(/^load arena: E2BIG/);
    const strict = await skeleton.open();
    strict.maps.arena.flags = ['mmapable', 'segv_on_fault'];
    await expect(strict.load()).rejects.toThrow(/^load arena: EFAULT/);
  });
});

describe('an arena without an object', () => {
  it('lies at one address for as long as it lives', async () => {
    using made = createMapSync(map('arena'), four);
    const { address } = made;
    made.mmap(u64).set(3, 7n);
    made.mmap(u8).closeSync();
    await setImmediate();
    using again = made.mmap(u64);
    expect([made.address, again.get(3)]).toEqual([address, 7n]);
    using other = openMapSync({ fd: made.fd }, map('arena'));
    expect(() => other.mmap(u64)).toThrow(/mmap map .*: EINVAL, .*at one address/);
  });

  it('lies where it is told to, but over nothing else', () => {
    const extra = 3n << 44n; // beyond what sanitizers take for themselves
    using made = createMapSync(map('arena'), { ...four, extra });
    using other = createMapSync(map('arena'), { ...four, extra });
    using numbers = made.mmap(u64);
    numbers.set(0, 1n);
    expect([made.address, made.info.extra]).toEqual([extra, extra]);
    expect(() => other.mmap(u64)).toThrow(/EEXIST, .*other memory of this process/);
    expect(numbers.get(0)).toBe(1n);
  });

  it('gives no byte outside it', () => {
    using made = createMapSync(map('arena'), { ...four, name: 'pages' });
    const { size } = made;
    const parts = [
      { offset: -1 },
      { offset: size },
      { offset: 0.5 },
      { offset: size - 8, count: 2 },
      { count: size },
      { count: 0 },
      { count: Number.NaN },
    ];
    for (const part of parts)
      expect(() => made.mmap(u64, part)).toThrow(/^mmap map pages: ERR_BPF_ARGUMENT, .* has \d+ bytes/);
    using last = made.mmap(u64, { offset: size - 8 });
    expect(last.length).toBe(1);
    expect(() => last.get(1)).toThrow(/there is no element 1, they are 0 to 0/);
    expect(() => last.set(1, 1n)).toThrow(code('ERR_BPF_ARGUMENT'));
    expect(() => made.offsetOf(made.address - 1n)).toThrow(/^find a pointer in map pages: ERR_BPF_VALUE/);
  });

  it('is not mapped where reading a page too early would end this process', () => {
    using made = createMapSync(map('arena'), { maxEntries: 4, flags: ['mmapable', 'segv_on_fault'] });
    expect(() => made.mmap(u8)).toThrow(/EFAULT, .*BPF_F_SEGV_ON_FAULT/);
  });
});

it('is never mapped over memory of this process by an object that asks for such an address', async () => {
  using taken = createMapSync(map('arena'), { ...four, extra: 5n << 43n });
  using numbers = taken.mmap(u64);
  numbers.set(0, 9n);
  const opened = await skeleton.open();
  opened.maps.arena.setExtra(taken.address);
  await expect(opened.load()).rejects.toThrow(/load arena: EEXIST/);
  await opened.close();
  const above = await skeleton.open();
  above.maps.arena.setExtra(2n ** 64n - 8192n);
  await expect(above.load()).rejects.toThrow(/load arena: E(FAULT, .*map_extra|RANGE)/);
  await above.close();
  expect(numbers.get(0)).toBe(9n);
  const free = await skeleton.open();
  free.maps.arena.setExtra(1n << 45n);
  await using bpf = await free.load();
  expect(bpf.maps.arena.address).toBe(1n << 45n);
});

it('keeps its memory below the library too, until nothing can reach it', () => {
  type Call = (...args: unknown[]) => unknown;
  const addon: Record<'mapCreateSync' | 'arenaMmap' | 'mapCloseSync', Call> = createRequire(import.meta.url)(
    'node-gyp-build',
  )(new URL('../..', import.meta.url).pathname);
  const { type } = mapKinds.arena;
  const [handle] = addon.mapCreateSync(type, 'a', 0, 0, 1, 1024, 0n, 0, 0, 0, 0, 0, 0, 0) as [object];
  const view = () => new Uint8Array(addon.arenaMmap(handle) as ArrayBuffer);
  const [one, two] = [view(), view()];
  addon.mapCloseSync(handle);
  one.fill(3);
  expect([two[4095], addon.arenaMmap(handle)]).toEqual([3, -9]);
});
