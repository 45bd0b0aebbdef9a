/** The maps of a stand-in: each kind has the manners of the kernel's. */
import { describe, expect, it } from 'vitest';
import { fakeObject } from '../../../lib/doors/testing.js';
import { app } from './app.js';

describe('maps in memory', () => {
  it('of hashes have the manners of a Map, and a size', async () => {
    using bpf = fakeObject(app, { maxEntries: { counts: 2, recent: 2 } });
    const { counts, recent } = bpf.maps;
    counts.set(1, 1n).set(2, 2n);
    expect(() => counts.set(3, 3n)).toThrow(/E2BIG.*2 entries at most/);
    expect(() => counts.set(1, 3n, 'noexist')).toThrow(/EEXIST/);
    expect(() => counts.set(3, 3n, 'exist')).toThrow(/ENOENT/);
    expect(counts.delete(1)).toBe(true);
    expect(counts.delete(1)).toBe(false);
    expect([counts.has(2), counts.get(1), counts.count()]).toEqual([true, undefined, 1]);
    recent.set(1, 1).set(2, 2).set(3, 3);
    expect([...recent.keys()]).toEqual([2, 3]);
    expect(await recent.snapshot()).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(await recent.snapshot({ as: 'columns' })).toMatchObject({
      length: 2,
      value: Uint16Array.of(2, 3),
    });
    expect(await recent.takeAll()).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(recent.count()).toBe(0);
  });

  it('walk on while entries go, and take many at a time', async () => {
    using bpf = fakeObject(app, { maxEntries: { counts: 500 } });
    const { counts } = bpf.maps;
    const pairs = Array.from({ length: 500 }, (_, key) => [key, BigInt(key)] as const);
    expect(await counts.setBatch(pairs)).toBe(500);
    for (const key of counts.keys()) if (key % 2 === 0) counts.delete(key);
    expect(counts.count()).toBe(250);
    expect(await counts.getBatch([1, 2, 3])).toEqual([1n, undefined, 3n]);
    expect(await counts.deleteBatch([1, 2, 3])).toBe(2);
    const met: number[] = [];
    for await (const [key] of counts) met.push(key);
    expect(met).toEqual(pairs.map(([key]) => key).filter(key => key % 2 === 1 && key > 3));
  });

  it('of arrays are full from the start', () => {
    using bpf = fakeObject(app, { maxEntries: { limits: 3 } });
    const { limits } = bpf.maps;
    limits.set(1, 7);
    expect([...limits]).toEqual([
      [0, 0],
      [1, 7],
      [2, 0],
    ]);
    expect(() => limits.set(3, 1)).toThrow(/E2BIG/);
    expect(limits.get(3)).toBeUndefined();
  });

  it('have a value for each CPU', () => {
    using bpf = fakeObject(app);
    const { hits } = bpf.maps;
    const values = Array.from({ length: hits.cpus }, (_, cpu) => BigInt(cpu + 1));
    hits.set(1, values);
    expect(hits.get(1)).toEqual(values);
  });

  it('of queues, stacks, filters and prefixes keep their order', () => {
    using bpf = fakeObject(app, { maxEntries: { jobs: 2 } });
    const { jobs, undo, known, routes } = bpf.maps;
    jobs.push(1).push(2);
    expect(() => jobs.push(3)).toThrow(/E2BIG/);
    jobs.push(3, { dropOldest: true });
    expect([jobs.peek(), ...jobs.drain(), jobs.pop()]).toEqual([2, 2, 3, undefined]);
    undo.push(1).push(2);
    expect([undo.pop(), undo.pop(), undo.pop()]).toEqual([2, 1, undefined]);
    expect([known.add(7).mayHave(7), known.mayHave(8)]).toEqual([true, false]);
    routes.set('10.0.0.0/8', 1).set('10.1.0.0/16', 2);
    expect([routes.match('10.1.2.3'), routes.match('10.2.0.0'), routes.match('11.0.0.0')]).toEqual([
      2,
      1,
      undefined,
    ]);
    expect([...routes.keys()]).toEqual(['10.0.0.0/8', '10.1.0.0/16']);
  });

  it('hand over what the application sends', async () => {
    using bpf = fakeObject(app);
    const { commands } = bpf.maps;
    const first = commands.reserve();
    commands.send({ pid: 2, comm: 'b' });
    expect(bpf.consume('commands')).toEqual([]);
    first.submit({ pid: 1, comm: 'a' });
    commands.reserve().discard();
    expect(bpf.consume('commands')).toEqual([
      { pid: 1, comm: 'a' },
      { pid: 2, comm: 'b' },
    ]);
  });

  it('refuse what only a kernel can', async () => {
    using bpf = fakeObject(app);
    expect(() => bpf.maps.tenants.delete(1)).toThrow(/EOPNOTSUPP/);
    expect(() => bpf.maps.counts.fd).toThrow(/EOPNOTSUPP/);
    await expect(bpf.maps.counts.pin('/sys/fs/bpf/x')).rejects.toThrow(
      /EOPNOTSUPP, a stand-in has no kernel/,
    );
  });
});
