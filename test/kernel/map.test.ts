/** Maps by key: a Map's manners, checked against bpftool and the process's own system calls. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { bpftool } from '../support/child.js';
import { fdInfo } from '../support/descriptors.js';
import { callGetppid, getppid, watchGetppid } from '../support/getppid.js';

describe('a hash', () => {
  it('gives back what it was given', async () => {
    await using bpf = await probe.load();
    const { counts } = bpf.maps;
    expect(counts.get(1)).toBeUndefined();
    expect(
      counts
        .set(1, 2n ** 64n - 1n)
        .set(2, 0n)
        .get(1),
    ).toBe(2n ** 64n - 1n);
    expect([...counts].sort(([a], [b]) => a - b)).toEqual([
      [1, 2n ** 64n - 1n],
      [2, 0n],
    ]);
    expect([counts.has(2), counts.delete(2), counts.has(2), counts.delete(2)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([...counts.keys()]).toEqual([1]);
    expect([...counts.values()]).toEqual([2n ** 64n - 1n]);
  });

  it('holds what bpftool sees, and sees what bpftool writes', async () => {
    await using bpf = await probe.load();
    const { counts } = bpf.maps;
    for (let key = 0; key < 20; key++) counts.set(key, BigInt(key) ** 3n);
    const id = String(fdInfo(counts.fd, 'map_id'));
    const dump = bpftool('map', 'dump', 'id', id) as { formatted: { key: number; value: number } }[];
    const seen = dump.map(({ formatted }) => [formatted.key, BigInt(formatted.value)]);
    expect([...counts]).toEqual(seen);
    const key = ['7', '0', '0', '0'];
    execFileSync('bpftool', [
      'map',
      'update',
      'id',
      id,
      'key',
      ...key,
      'value',
      ...'1 2 0 0 0 0 0 0'.split(' '),
    ]);
    expect(counts.get(7)).toBe(0x201n);
  });

  it('counts the calls of this process', async () => {
    await using bpf = await probe.load(watchGetppid);
    await bpf.attach();
    callGetppid(123);
    expect(bpf.maps.counts.get(getppid)).toBe(123n);
  });

  it('adds or overwrites as told, and says when it is full', async () => {
    await using bpf = await probe.load();
    const { counts } = bpf.maps;
    expect(() => counts.set(1, 1n, 'exist')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    counts.set(1, 1n, 'noexist');
    expect(() => counts.set(1, 2n, 'noexist')).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(counts.set(1, 3n, 'exist').get(1)).toBe(3n);
    for (let key = 2; key <= counts.maxEntries; key++) counts.set(key, 0n);
    expect(() => counts.set(1000, 0n)).toThrow(/update map counts: E2BIG, .*64 entries/);
  });

  it('may lose its current key while walked', async () => {
    await using bpf = await probe.load();
    const { counts } = bpf.maps;
    for (let key = 0; key < 64; key++) counts.set(key, 1n);
    const seen: number[] = [];
    for (const key of counts.keys()) {
      seen.push(key);
      counts.delete(key);
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, key) => key));
    expect([...counts]).toEqual([]);
  });

  it('refuses keys and values that do not fit, and stays as it was', async () => {
    await using bpf = await probe.load();
    const { counts, slots } = bpf.maps;
    counts.set(1, 5n);
    const bad = [
      () => counts.set(-1, 0n),
      () => counts.set(2 ** 32, 0n),
      () => counts.set(Number.NaN, 0n),
      () => counts.set(1, -1n),
      () => counts.set(1, 2n ** 64n),
      () => counts.set(1, 7 as unknown as bigint),
      () => counts.get('1' as unknown as number),
      () => slots.set(0, { calls: 1n } as never),
      () => slots.set(0, { calls: 1n, last: 1.5 }),
      () => slots.set(0, null as never),
    ];
    for (const call of bad) {
      expect(call).toThrow(
        expect.objectContaining({ code: 'ERR_BPF_VALUE', message: expect.stringMatching(/counts|slots/) }),
      );
    }
    expect([...counts]).toEqual([[1, 5n]]);
    expect(slots.get(0)).toEqual({ calls: 0n, last: 0 });
  });
});

describe('an array', () => {
  it('has all its entries from the start, which stay', async () => {
    await using bpf = await probe.load();
    const { slots } = bpf.maps;
    slots.set(3, { calls: 9n, last: 1 });
    expect([...slots.keys()]).toEqual([0, 1, 2, 3]);
    expect([...slots.values()].at(-1)).toEqual({ calls: 9n, last: 1 });
    expect(slots.get(4)).toBeUndefined();
    expect(() => slots.set(4, { calls: 0n, last: 0 })).toThrow(expect.objectContaining({ code: 'E2BIG' }));
    expect('delete' in slots).toBe(false);
    expect(slots.size).toBe(4);
  });
});

describe('a per-CPU array', () => {
  it('has a value for each possible CPU, as bpftool sees them', async () => {
    await using bpf = await probe.load(watchGetppid);
    await bpf.attach();
    callGetppid(50);
    const { tallies } = bpf.maps;
    const values = tallies.get(0) ?? [];
    expect(values).toHaveLength(tallies.cpus);
    const calls = values.reduce((sum, { calls }) => sum + calls, 0n);
    expect(calls).toBeGreaterThanOrEqual(50n);

    tallies.set(
      1,
      values.map((_, cpu) => ({ calls: BigInt(cpu + 1), last: cpu })),
    );
    const id = String(fdInfo(tallies.fd, 'map_id'));
    const found = bpftool('map', 'lookup', 'id', id, 'key', '1', '0', '0', '0') as {
      formatted: { values: { cpu: number; value: { calls: number; last: number } }[] };
    };
    expect(found.formatted.values).toEqual(
      values.map((_, cpu) => ({ cpu, value: { calls: cpu + 1, last: cpu } })),
    );
    expect(() => tallies.set(1, [])).toThrow(
      /value of map tallies: ERR_BPF_VALUE, one value for each of \d+ possible CPUs/,
    );
  });
});

describe('a map that only the kernel reads', () => {
  it('tells its kind, sizes and descriptor', async () => {
    await using bpf = await probe.load();
    expect(bpf.maps.jumps).toMatchObject({ kind: 'prog_array', keySize: 4, valueSize: 4, maxEntries: 2 });
    expect(fdInfo(bpf.maps.jumps.fd, 'map_type')).toBe(3);
  });
});
