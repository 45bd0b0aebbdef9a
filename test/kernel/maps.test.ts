/** Kinds of maps as programs use them: what one side writes the other finds. */
import { createMapSync } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { expect, it } from 'vitest';
import { maps } from '../bpf/maps.bpf.js';
import { BpfFileSystem } from '../support/bpffs.js';
import { runScript } from '../support/child.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { dumped } from '../support/map-oracle.js';
import { need } from '../support/need.js';

/** The object, with its one program that attaches on its own attached. */
async function watching() {
  const bpf = await maps.load(watchGetppid);
  await bpf.programs.entered.attach();
  return bpf;
}

it('jumps through a prog array, where programs are put and taken out while it runs', async context => {
  need(context, 'raw_tp');
  await using bpf = await watching();
  const { jumps } = bpf.maps;
  const counts = () => {
    const { firsts, seconds, fallen } = bpf.globals.bss;
    return [firsts, seconds, fallen];
  };
  expect([...jumps].map(([index]) => index)).toEqual([0]);
  callGetppid(3);
  expect(counts()).toEqual([3n, 0n, 0n]);
  jumps.set(0, { id: bpf.programs.second.info.id });
  expect(jumps.get(0)).toBeGreaterThan(0);
  callGetppid(2);
  expect([jumps.delete(0), jumps.delete(0)]).toEqual([true, false]);
  callGetppid(4);
  expect(counts()).toEqual([3n, 2n, 4n]);
  expect(() => jumps.set(4, bpf.programs.first)).toThrow(expect.objectContaining({ code: 'E2BIG' }));
});

it('counts in inner maps that come and go', async context => {
  need(context, 'raw_tp');
  await using bpf = await watching();
  const { tenants, shelves } = bpf.maps;
  using counters = createMapSync(map('hash', u32, u64), { maxEntries: 16 });
  tenants.set(7, { id: counters.info.id });
  callGetppid(5);
  expect(counters.get(1)).toBe(5n);
  await using again = await tenants.get(7);
  expect(again?.get(1)).toBe(5n);
  expect([...tenants.ids()]).toEqual([[7, counters.info.id]]);
  expect([tenants.delete(7), tenants.delete(7)]).toEqual([true, false]);
  // An inner map that the object declared stands where the object put it.
  bpf.maps.shelf.set(1, { prefixlen: 8, data: new Uint8Array([1, 2, 3, 4]) });
  using shelf = shelves.getSync(1);
  expect(shelf?.get(1)?.prefixlen).toBe(8);
  expect([...shelves.keys()]).toEqual([0, 1, 2]);
  expect(shelves.getSync(0)).toBeUndefined();
});

it('finds the longest prefix as the program does', async context => {
  need(context, 'raw_tp');
  await using bpf = await watching();
  const { routes } = bpf.maps;
  routes.set('0.0.0.0/0', 1n).set('10.0.0.0/8', 2n).set('10.9.0.0/16', 3n);
  for (const [address, route] of [
    [[10, 9, 1, 1], 3n],
    [[10, 8, 1, 1], 2n],
    [[11, 9, 1, 1], 1n],
  ] as const) {
    bpf.globals.bss.address = new Uint8Array(address);
    callGetppid(1);
    expect([bpf.globals.bss.route, routes.match(address.join('.'))]).toEqual([route, route]);
  }
});

it('gives the frames of a stack that /proc/kallsyms knows', async context => {
  need(context, 'raw_tp');
  await using bpf = await watching();
  callGetppid(1);
  const { stacks } = bpf.maps;
  const id = Number(bpf.globals.data.stack);
  const frames = stacks.get(id) ?? [];
  expect(frames.length).toBeGreaterThan(1);
  const [, raw = Buffer.alloc(0)] = dumped(stacks.info.id)[0] ?? [];
  expect(frames).toEqual(frames.map((_, index) => ({ address: raw.readBigUInt64LE(index * 8) })));
  expect(raw.subarray(frames.length * 8).every(byte => byte === 0)).toBe(true);
  expect([...stacks.keys()]).toContain(id);
  expect([stacks.delete(id), stacks.get(id)]).toEqual([true, undefined]);
});

it('takes what a program queued, the oldest dropped', async context => {
  need(context, 'raw_tp');
  await using bpf = await watching();
  for (let jump = 1; jump <= 12; jump++) {
    bpf.globals.bss.jump = jump;
    callGetppid(1);
  }
  expect(bpf.maps.jobs.drain()).toEqual([5n, 6n, 7n, 8n, 9n, 10n, 11n, 12n]);
});

it('holds the lock of a value while it is read and written', async () => {
  await using bpf = await maps.load();
  const { guards, routes } = bpf.maps;
  const value = { lock: { val: 0 }, generation: 1, sum: 2n };
  guards.set(1, value).set(1, { ...value, sum: 3n }, { flag: 'exist', lock: true });
  expect(guards.get(1, { lock: true })).toMatchObject({ generation: 1, sum: 3n });
  expect(() => bpf.maps.shelf.get(0, { lock: true })).toThrow(/EINVAL.*struct bpf_spin_lock/);
  expect([...routes]).toEqual([]);
});

it('warns when a pinned link will lose its jumps, and not when they are pinned too', async context => {
  need(context, 'raw_tp');
  using files = new BpfFileSystem();
  const script = (last: string) => `
    import { load } from 'libbpf-ts';
    const bpf = await load('test/bpf/maps.bpf.o', { rodata: { target_pid: 1 } });
    const link = await bpf.programs.entered.attach();
    await link.pin('${files.path}/link' + process.pid);
    ${last}`;
  const closed = await runScript(script('await bpf.close();'));
  expect(closed.stderr).toMatch(/LIBBPF_TS_EMPTIED_PROG_ARRAY.*prog array jumps of maps is not pinned/s);
  expect((await runScript(script('process.exit(0);'))).stderr).toMatch(
    /tail calls of the pinned link will fail/,
  );
  const pinned = await runScript(script(`await bpf.maps.jumps.pin('${files.path}/jumps'); process.exit(0);`));
  expect(pinned).toMatchObject({ code: 0, stderr: '' });
  const empty = await runScript(script('bpf.maps.jumps.delete(0); await bpf.close();'));
  expect(empty).toMatchObject({ code: 0, stderr: '' });
});
