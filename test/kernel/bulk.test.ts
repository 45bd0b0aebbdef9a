/** Many entries at a time: nothing that stays is lost, whatever writers do; the same as bpftool sees. */
import { execFileSync } from 'node:child_process';
import { createMap } from 'libbpf-ts';
import { map, u32, u64number } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { large } from '../bpf/large.bpf.js';
import { bpftool } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';

const pairs = (count: number) =>
  Array.from({ length: count }, (_, i): [number, { calls: bigint; bytes: bigint }] => [
    i,
    { calls: BigInt(i) * 3n, bytes: 2n ** 64n - 1n - BigInt(i) },
  ]);
const byKey = <E>(entries: [number, E][]) => entries.sort(([a], [b]) => a - b);

/** With room for what the tests here need: a million takes a while on a small machine. */
async function loaded() {
  const opened = await large.open();
  opened.maps.flows.maxEntries = 50_000;
  return opened.load();
}

describe('a batch', () => {
  it('writes, gives, walks, deletes and drains what single calls see', async () => {
    await using bpf = await loaded();
    const { flows } = bpf.maps;
    const entries = pairs(10_000);
    expect(await flows.setBatch(entries)).toBe(10_000);
    expect(flows.get(9_999)).toEqual(entries[9_999]?.[1]);
    expect(await flows.getBatch([3, 20_000, 5])).toEqual([entries[3]?.[1], undefined, entries[5]?.[1]]);
    expect(byKey(await flows.snapshot())).toEqual(entries);
    const walked: typeof entries = [];
    for await (const entry of flows) walked.push(entry);
    expect(byKey(walked)).toEqual(entries);
    for await (const entry of flows.entries()) {
      expect(entry[1].calls).toBe(BigInt(entry[0]) * 3n);
      break;
    }
    expect(await flows.deleteBatch([0, 20_000, 2, 1])).toBe(3);
    expect(byKey(await flows.takeAll())).toEqual(entries.slice(3));
    expect(await flows.snapshot()).toEqual([]);
  });

  it('is what a loop reads: each entry once while the loop deletes, writes and adds, and none once it is closed', async () => {
    await using bpf = await loaded();
    const { flows } = bpf.maps;
    await flows.setBatch(pairs(5_000));
    const met = new Map<number, bigint>();
    for (const [key, { calls }] of flows) {
      if (key >= 5_000) continue; // what is added on the way may come or not
      expect(met.has(key)).toBe(false);
      met.set(key, calls);
      if (key % 2 === 0) flows.delete(key);
      else flows.set(key, { calls: 1n, bytes: 1n });
      flows.set(10_000 + key, { calls: 0n, bytes: 0n });
    }
    expect([...met.keys()].sort((a, b) => a - b)).toEqual(pairs(5_000).map(([key]) => key));
    const left = bpftool('map', 'dump', 'id', String(flows.info.id)) as unknown[];
    expect(left.length).toBe(7_500);
    const walk = flows.entries();
    expect(walk.next().done).toBe(false);
    await bpf.close();
    expect(() => walk.next()).toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
  });

  it('gives the entries before one that cannot be read', async () => {
    await using counts = await createMap(map('array', u32, u64number), { maxEntries: 3 });
    const huge = [...'1 0 0 0'.split(' '), 'value', ...Array(8).fill('255')];
    execFileSync('bpftool', ['map', 'update', 'id', String(counts.info.id), 'key', ...huge]);
    const walk = counts.entries();
    expect(walk.next().value).toEqual([0, 0]);
    expect(() => walk.next()).toThrow(/beyond 2\^53/);
  });

  it('gives entries as objects with a key and a value, and refuses a form that there is not', async () => {
    await using bpf = await loaded();
    const { flows } = bpf.maps;
    await flows.setBatch(pairs(5_000));
    const entries = await flows.snapshot({ as: 'entries' });
    expect(byKey(entries.map(({ key, value }) => [key, value]))).toEqual(pairs(5_000));
    const unknown = { as: 'rows' } as unknown as { as: 'pairs' };
    for (const call of [() => flows.snapshot(unknown), () => flows.takeAll(unknown)])
      await expect(call()).rejects.toThrow(
        /flows: ERR_BPF_ARGUMENT, as is one of pairs, entries, columns, not rows/,
      );
    expect((await flows.takeAll({ as: 'entries' })).length).toBe(5_000);
    expect(await flows.takeAll({ as: 'entries' })).toEqual([]);
  });

  it('gives columns: a typed array of each number', async () => {
    await using bpf = await loaded();
    await bpf.maps.flows.setBatch(pairs(5_000));
    const { length, key, value } = await bpf.maps.flows.snapshot({ as: 'columns' });
    expect([length, key.constructor, value.calls.constructor]).toEqual([5_000, Uint32Array, BigUint64Array]);
    const rows = Array.from({ length }, (_, i): [number, object] => [
      key[i] ?? -1,
      { calls: value.calls[i], bytes: value.bytes[i] },
    ]);
    expect(byKey(rows)).toEqual(pairs(5_000));
    await bpf.maps.histograms.setBatch([[1, histograms(bpf.maps.histograms.cpus)]]);
    const columns = await bpf.maps.histograms.snapshot({ as: 'columns' });
    expect(columns).toEqual({
      length: 1,
      key: new Uint32Array([1]),
      value: [histograms(bpf.maps.histograms.cpus)],
    });
  });

  it('is what bpftool dumps', async () => {
    await using bpf = await loaded();
    const { flows, routes } = bpf.maps;
    await flows.setBatch(pairs(500).map(([key, { calls }]) => [key, { calls, bytes: 7n }]));
    for (let i = 0; i < 20; i++) routes.set(`10.${i}.0.0/16`, i);
    const dumped = (fd: number) =>
      bpftool('map', 'dump', 'id', String(fdInfo(fd, 'map_id'))) as {
        formatted: { key: unknown; value: unknown };
      }[];
    const plain = (await flows.snapshot()).map(([key, { calls, bytes }]) => {
      return { key, value: { calls: Number(calls), bytes: Number(bytes) } };
    });
    expect(plain).toEqual(dumped(flows.fd).map(({ formatted }) => formatted));
    expect((await routes.snapshot()).map(([, value]) => value)).toEqual(
      dumped(routes.fd).map(({ formatted }) => formatted.value),
    );
  });

  it('grows where a bucket holds more than it may give, and has cursors larger than the keys', async () => {
    await using bpf = await loaded();
    const { bytes } = bpf.maps;
    const all = Array.from({ length: 256 }, (_, i): [Uint8Array, number] => [new Uint8Array([i]), 255 - i]);
    await bytes.setBatch(all);
    const seen = await bytes.snapshot({ batchSize: 1 });
    expect(seen.sort(([[a = 0]], [[b = 0]]) => a - b)).toEqual(all);
    expect((await bytes.takeAll({ batchSize: 3 })).length).toBe(256);
    await expect(bytes.snapshot({ batchSize: 0 })).rejects.toThrow(/batchSize is an integer from 1/);
  });

  it('loses no key that stays while others come and go', async () => {
    await using bpf = await loaded();
    const { flows } = bpf.maps;
    const staying = 20_000;
    await flows.setBatch(pairs(staying));
    let writing = true;
    const writer = (async () => {
      for (let round = 0; writing; round++) {
        const churn = pairs(2_000).map(([key, value]): [number, typeof value] => [
          1_000_000 + (round % 7) * 2_000 + key,
          value,
        ]);
        await flows.setBatch(churn);
        await flows.deleteBatch(churn.map(([key]) => key));
      }
    })();
    try {
      for (let round = 0; round < 5; round++) {
        const keys = (await flows.snapshot({ batchSize: 500 })).map(([key]) => key);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys.filter(key => key < staying).length).toBe(staying);
      }
    } finally {
      writing = false;
      await writer;
    }
  });

  it('says what does not fit before it writes anything, and how much was written where the map is full', async () => {
    await using bpf = await loaded();
    const { totals, flows, histograms: map } = bpf.maps;
    const bad = [...pairs(10), [10, { calls: -1n, bytes: 0n }]] as [
      number,
      { calls: bigint; bytes: bigint },
    ][];
    await expect(flows.setBatch(bad)).rejects.toMatchObject({ code: 'ERR_BPF_VALUE', message: /flows/ });
    expect(await flows.snapshot()).toEqual([]);
    const many = Array.from({ length: 101 }, (_, i): [number, ReturnType<typeof histograms>] => [
      i,
      histograms(map.cpus),
    ]);
    await expect(map.setBatch(many)).rejects.toMatchObject({
      code: 'E2BIG',
      hint: /the first 1\d\d entries/,
    });
    await expect(totals.setBatch([[10, totals.get(0) ?? []]])).rejects.toMatchObject({ code: 'E2BIG' });
    await bpf.close();
    await expect(flows.snapshot()).rejects.toMatchObject({ code: 'ERR_BPF_CLOSED' });
  });
});

/** What each CPU has in a histogram. */
function histograms(cpus: number) {
  return Array.from({ length: cpus }, (_, cpu) => {
    return { slots: [cpu, 1, 2 ** 31, 0], least: BigInt(-cpu), name: `cpu ${cpu}` };
  });
}

describe('the values of all CPUs', () => {
  it('are reduced natively', async () => {
    await using bpf = await loaded();
    const { histograms: map, totals } = bpf.maps;
    const { cpus } = map;
    map.set(5, histograms(cpus));
    const sum = (cpus * (cpus - 1)) / 2;
    const wrapped = (2 ** 31 * cpus) % 2 ** 32;
    const total = { slots: [sum, cpus, wrapped, 0], least: BigInt(-sum), name: 'cpu 0' };
    expect(map.reduced('sum').get(5)).toEqual(total);
    expect(map.reduced('sum').get(6)).toBeUndefined();
    expect(await map.reduced('sum').snapshot()).toEqual([[5, total]]);
    expect(map.reduced('max').get(5)).toEqual({ slots: [cpus - 1, 1, 2 ** 31, 0], least: 0n, name: 'cpu 0' });
    const mean = { slots: [Math.floor(sum / cpus), 1, 2 ** 31, 0], least: BigInt(-Math.floor(sum / cpus)) };
    expect(map.reduced('mean').get(5)).toMatchObject(mean);
    const columns = await map.reduced('sum').snapshot({ as: 'columns' });
    expect(columns.value).toMatchObject({ least: new BigInt64Array([BigInt(-sum)]), name: ['cpu 0'] });
    totals.setAll(3, 2n ** 63n);
    const most = await totals.reduced('max').snapshot({ as: 'columns' });
    expect([most.length, most.value[3], most.value[4]]).toEqual([10, 2n ** 63n, 0n]);
  });
});
