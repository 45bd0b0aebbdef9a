/** Ring buffers that are given what cannot be: a size, a handler, a type. */
import { struct, u32, u64 } from 'libbpf-ts/codec';
import { beforeEach, describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { callGetppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

describe('a ring buffer', () => {
  beforeEach(context => need(context, 'ringbuf'));

  it('is rounded up to a power of two of pages, and says so', async () => {
    const opened = await probe.open();
    opened.maps.events.maxEntries = 5000;
    const rounded = opened.maps.events.maxEntries;
    expect(rounded).toBeGreaterThan(5000);
    expect(Math.log2(rounded) % 1).toBe(0);
    await using bpf = await opened.load();
    expect(bpf.maps.events.maxEntries).toBe(rounded);
    expect(bpf.maps.events.stats().size).toBe(rounded);
  });

  it('goes on while handlers never end what they began', async () => {
    await using bpf = await probe.load(watchGetppid);
    await bpf.programs.entered.attach();
    let heard = 0;
    bpf.maps.events.on('event', () => {
      heard++;
      return new Promise(() => {});
    });
    callGetppid(50);
    await expect.poll(() => heard).toBe(50);
  });

  it('gives of records that are longer than their type what the type has', async () => {
    await using bpf = await probe.load(watchGetppid);
    await bpf.programs.entered.attach();
    callGetppid(3);
    const Shorter = struct<{ sequence: bigint; pid: number }>('struct call', 16, {
      sequence: [0, u64],
      pid: [8, u32],
    });
    const { pid } = process;
    expect(bpf.maps.events.as(Shorter).drain()).toEqual([0n, 1n, 2n].map(sequence => ({ sequence, pid })));
  });
});
