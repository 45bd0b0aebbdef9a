/** Arrays in this process's own memory: what the program writes and reads, to the last element and no further. */
import { createMapSync } from 'libbpf-ts';
import { map, u32, u64 } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { memory } from '../bpf/memory.bpf.js';
import { callGetppid, getppid } from '../support/getppid.js';

describe('a mapped array', () => {
  const watched = { rodata: { target_pid: process.pid, watched: BigInt(getppid) } };

  it('is what the program writes, and what it reads', async () => {
    await using bpf = await memory.load(watched);
    await bpf.attach();
    using pairs = bpf.maps.pairs.mmap();
    pairs.set(2, { left: 10, right: 0n });
    callGetppid(5);
    expect(pairs.get(2)).toEqual({ left: 15, right: bpf.globals.data.wide });
    const left = pairs.field('left');
    expect([left.length, left.get(2), left.add(2, -5), left.get(2)]).toEqual([1000, 15, 15, 10]);
    expect(left.compareExchange(2, 10, 7)).toBe(10);
    expect(bpf.maps.pairs.get(2)?.left).toBe(7);
    bpf.maps.words.set(1, 77);
    using words = bpf.maps.words.mmap();
    expect([...words]).toEqual([0, 77, 0]);
  });

  it('ends at its last element, and with its object', async () => {
    const bpf = await memory.load();
    const pairs = bpf.maps.pairs.mmap();
    const right = pairs.field('right');
    const argument = expect.objectContaining({
      code: 'ERR_BPF_ARGUMENT',
      message: expect.stringContaining('pairs'),
    });
    for (const index of [-1, 1000, 0.5, 2 ** 32, Number.NaN, 1e300]) {
      expect(() => pairs.get(index)).toThrow(argument);
      expect(() => right.get(index)).toThrow(argument);
      expect(() => right.set(index, 1n)).toThrow(argument);
      expect(() => right.add(index, 1n)).toThrow(argument);
    }
    expect(() => pairs.field('middle' as 'left')).toThrow(/has: left, right/);
    await bpf.close();
    const closed = expect.objectContaining({ code: 'ERR_BPF_CLOSED' });
    for (const use of [
      () => pairs.get(0),
      () => right.get(0),
      () => right.set(0, 1n),
      () => right.add(0, 1n),
    ])
      expect(use).toThrow(closed);
    expect(() => bpf.maps.pairs.mmap()).toThrow(closed);
    expect(pairs.closed).toBe(true);
  });

  it('is refused where the array is not made for it', () => {
    using plain = createMapSync(map('array', u32, u64), { name: 'totals', maxEntries: 4 });
    using perCpu = createMapSync(map('percpu_array', u32, u64), { name: 'hits', maxEntries: 4 });
    expect(() => plain.mmap()).toThrow(/mmap map totals: .*BPF_F_MMAPABLE/);
    expect('mmap' in perCpu).toBe(false);
  });
});
