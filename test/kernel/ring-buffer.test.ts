/** Ring buffers: every record once, in order; loops that wait, stop and end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadedObject } from 'libbpf-ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { runScript } from '../support/child.js';
import { callGetppid, getppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';

type Probe = LoadedObject<typeof probe.description>;

async function attached(): Promise<Probe> {
  const bpf = await probe.load(watchGetppid);
  await bpf.attach();
  return bpf;
}

function numbers(from: number, to: number): bigint[] {
  return Array.from({ length: to - from }, (_, index) => BigInt(from + index));
}

describe('a ring buffer', () => {
  beforeEach(context => need(context, 'ringbuf'));

  it('gives every record, typed, in order', async () => {
    await using bpf = await attached();
    callGetppid(1000);
    const records = bpf.maps.events.drain();
    expect(records.map(({ sequence }) => sequence)).toEqual(numbers(0, 1000));
    expect(records[0]).toEqual({ sequence: 0n, pid: process.pid, id: getppid, comm: 'node' });
    expect(bpf.maps.events.available).toBe(0);
    expect(bpf.globals.bss.dropped).toBe(0n);
  });

  it('waits for what comes later', async () => {
    await using bpf = await attached();
    const timer = setInterval(() => callGetppid(10), 5);
    const seen: bigint[] = [];
    for await (const { sequence } of bpf.maps.events) {
      seen.push(sequence);
      if (seen.length === 100) break;
    }
    clearInterval(timer);
    expect(seen).toEqual(numbers(0, 100));
  });

  it('keeps what a loop leaves unread for the next one', async () => {
    await using bpf = await attached();
    callGetppid(20);
    const seen: bigint[] = [];
    for (let loop = 0; loop < 4; loop++) {
      for await (const { sequence } of bpf.maps.events) {
        seen.push(sequence);
        if (seen.length % 5 === 0) break;
      }
    }
    expect(seen).toEqual(numbers(0, 20));
  });

  it('loses nothing silently: what does not fit is counted', async () => {
    await using bpf = await attached();
    callGetppid(5000);
    const received = bpf.maps.events.drain().length;
    expect(bpf.globals.bss.dropped).toBeGreaterThan(0n);
    expect(BigInt(received) + bpf.globals.bss.dropped).toBe(5000n);
  });

  it('wraps around its memory many times', async () => {
    await using bpf = await attached();
    for (let round = 0; round < 50; round++) {
      callGetppid(300);
      const records = bpf.maps.events.drain();
      expect(records.map(({ sequence }) => sequence)).toEqual(numbers(round * 300, (round + 1) * 300));
    }
  });

  it('lets timers run while records keep coming', async () => {
    await using bpf = await attached();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    let seen = 0;
    callGetppid(100);
    for await (const _ of bpf.maps.events) {
      callGetppid(1); // one in, one out: the ring is never empty
      if (++seen === 1_000_000 || ticks === 10) break;
    }
    clearInterval(timer);
    expect(ticks).toBe(10);
  });

  it('has one reader at a time', async () => {
    await using bpf = await attached();
    const first = bpf.maps.events.events();
    expect(() => bpf.maps.events.events()).toThrow(expect.objectContaining({ code: 'ERR_BPF_BUSY' }));
    await first.return?.();
    callGetppid(1);
    for await (const { sequence } of bpf.maps.events) {
      expect(sequence).toBe(0n);
      break;
    }
  });

  it('throws the reason of an abort signal, before and during the wait', async () => {
    await using bpf = await attached();
    const read = async (signal: AbortSignal) => {
      for await (const _ of bpf.maps.events.events({ signal })) throw new Error('there was a record');
    };
    await expect(read(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    const controller = new AbortController();
    const reading = read(controller.signal);
    await sleep(10);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  it('ends its loop when the object closes, from outside and from inside', async () => {
    const outside = await attached();
    const reading = (async () => {
      let count = 0;
      for await (const _ of outside.maps.events) count++;
      return count;
    })();
    callGetppid(3);
    await sleep(20);
    await outside.close();
    expect(await reading).toBe(3);

    const inside = await attached();
    callGetppid(3);
    let count = 0;
    for await (const _ of inside.maps.events) {
      count++;
      await inside.close();
    }
    expect(count).toBe(1);
  });

  it('passes an error in the loop on, and can be read again', async () => {
    await using bpf = await attached();
    callGetppid(2);
    const failing = async () => {
      for await (const { sequence } of bpf.maps.events) throw new Error(`at ${sequence}`);
    };
    await expect(failing()).rejects.toThrow('at 0');
    await expect(failing()).rejects.toThrow('at 1');
  });

  it('lets the process end by itself once nobody reads', async () => {
    const object = new URL('../bpf/probe.bpf.o', import.meta.url).pathname;
    const script = `
      import { load } from 'libbpf-ts';
      const globals = { rodata: { target_pid: process.pid, watched: ${getppid}n } };
      const bpf = await load(${JSON.stringify(object)}, globals);
      await bpf.attach();
      process.ppid;
      for await (const event of bpf.maps.events) { console.log(event.sequence); break; }
    `;
    expect(await runScript(script)).toEqual({ code: 0, signal: null, stdout: '0n\n', stderr: '' });
  });
});
