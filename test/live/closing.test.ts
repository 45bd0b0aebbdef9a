/** What was under way when its object closed fails for that reason, and for no other. */
import { setImmediate as around, setTimeout as sleep } from 'node:timers/promises';
import { createMap } from 'libbpf-ts';
import { map as bpfMap, u32, u64 } from 'libbpf-ts/codec';
import { expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { watchGetppid } from '../support/getppid.js';
import { temporary } from '../support/temporary.js';

/** Moments at which a close may fall. */
const moments: readonly (() => Promise<unknown>)[] = [
  async () => {},
  () => Promise.resolve(),
  () => around(),
  () => sleep(0),
  () => sleep(1),
];
const rounds = 60;
const place = { name: 'sys_enter' };

/** The codes of all that failed when `close` was called at one moment or another. */
async function codesOf<T extends { close(): Promise<void>; closeSync(): void }>(
  make: () => Promise<T>,
  works: readonly ((thing: T) => Promise<unknown>)[],
): Promise<Set<unknown>> {
  const codes = new Set<unknown>();
  for (let round = 0; round < rounds; round++) {
    const thing = await make();
    const work = works.map(each => each(thing).catch(error => codes.add(error.code ?? error)));
    await moments[round % moments.length]?.();
    if (round % 2 === 0) closeAtOnce(thing);
    await Promise.all([thing.close(), ...work]);
  }
  return codes;
}

/** On this thread, before the pool has begun; or not at all, where it has. */
function closeAtOnce(thing: { closeSync(): void }): void {
  try {
    thing.closeSync();
  } catch (error) {
    expect(error).toMatchObject({ code: 'EBUSY' });
  }
}

it('of a map: walks, snapshots, batches, pins', async () => {
  const make = async () => {
    const counts = await createMap(bpfMap('hash', u32, u64), { maxEntries: 20_000 });
    await counts.setBatch(Array.from({ length: 10_000 }, (_, key) => [key, 1n] as const));
    return counts;
  };
  const keys = Array.from({ length: 5000 }, (_, key) => key);
  const codes = await codesOf(make, [
    async counts => {
      for await (const _ of counts) await around();
    },
    counts => counts.snapshot(),
    counts => counts.snapshot({ as: 'columns' }),
    counts => counts.getBatch(keys),
    counts => counts.deleteBatch(keys),
    counts => counts.takeAll(),
    counts => counts.pin(temporary('never')),
  ]);
  // Where the pin came first: the kernel's bpf_obj_do_pin() refuses a folder outside of BPF file systems.
  codes.delete('EPERM');
  expect([...codes]).toEqual(['ERR_BPF_CLOSED']);
});

it('of an object: attaching, test runs, changing links', async () => {
  const codes = await codesOf(
    () => probe.load(watchGetppid),
    [
      bpf => bpf.attach(),
      bpf => bpf.programs.entered.attach(place),
      async bpf => (await bpf.programs.entered.attach(place)).unpin(),
      async bpf => (await bpf.programs.entered.attach(place)).update(bpf.programs.entered),
      async bpf => (await bpf.programs.entered.attach(place)).pin('/tmp/libbpf-ts-never'),
      bpf => bpf.programs.entered.testRun(),
      bpf => bpf.maps.counts.snapshot(),
    ],
  );
  for (const expected of ['EINVAL', 'ENOENT', 'EOPNOTSUPP', 'EPERM']) codes.delete(expected); // of links that are there
  expect([...codes]).toEqual(['ERR_BPF_CLOSED']);
});
