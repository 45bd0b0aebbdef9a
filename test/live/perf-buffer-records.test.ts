/** Records of perf buffers: every one once, in order, byte for byte; losses counted, wake-ups as asked for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { clock } from 'libbpf-ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';
import { attached, everywhere, lastCpu, numbers, runOn } from '../support/perf-samples.js';

/** What the program writes into its record of a number. */
function pattern(number: number): Uint8Array {
  const words = BigUint64Array.from({ length: 256 }, (_, at) => (BigInt(number) << 16n) | BigInt(at));
  return new Uint8Array(words.buffer);
}

describe('records of a perf buffer', () => {
  beforeEach(context => {
    need(context, 'perf_buffer');
    runOn(String(lastCpu));
  });
  afterEach(() => runOn(everywhere));

  it('are given each once, typed, in order, with its CPU', async () => {
    await using bpf = await attached();
    const buffer = bpf.maps.samples.open({ bytes: 1 << 18 });
    const before = Date.now();
    callGetppid(1000);
    const { waiting = 0, highWater } = buffer.stats();
    expect([waiting > 1000 * 28, highWater]).toEqual([true, 0]);
    const records = buffer.drain();
    expect(buffer.stats().highWater).toBe(waiting);
    expect(records.map(({ sequence }) => sequence)).toEqual(numbers(0, 1000));
    expect(records[0]).toMatchObject({ cpu: lastCpu, pid: process.pid });
    expect(clock.monotonic.toDate(records[0]?.time ?? 0n).getTime()).toBeGreaterThanOrEqual(before - 2);
    expect(buffer.stats()).toMatchObject({ delivered: 1000, dropped: 0, waiting: 0 });
  });

  it('have the face of those of ring buffers: loops, batches, raw records, listeners', async () => {
    await using bpf = await attached();
    const { samples } = bpf.maps;
    expect(samples.drain()).toEqual([]);
    callGetppid(30);
    const seen: bigint[] = [];
    for await (const { sequence } of samples) if (seen.push(sequence) === 10) break;
    for await (const batch of samples.batches()) {
      const raw = [...batch.raw()];
      expect(raw.map(bytes => bytes.length)).toEqual(Array(20).fill(28));
      expect(Buffer.from(raw[3] ?? []).readBigUInt64LE(0)).toBe(13n);
      seen.push(...raw.map(bytes => Buffer.from(bytes).readBigUInt64LE(0)));
      break;
    }
    const heard = new Promise<bigint>(resolve => samples.on('event', ({ sequence }) => resolve(sequence)));
    callGetppid(1);
    seen.push(await heard);
    expect(seen).toEqual(numbers(0, 31));
  });

  it('pass at every size and across the end of the memory, byte for byte', async () => {
    await using bpf = await attached({ sizes: 1 });
    const buffer = bpf.maps.samples.open({ bytes: 16_384 });
    let next = 0;
    for (let round = 0; round < 40; round++) {
      callGetppid(8);
      for await (const batch of buffer.batches()) {
        for (const bytes of batch.raw()) {
          const size = 8 + ((next * 13) % 2040);
          expect(bytes.length - size).toBeGreaterThanOrEqual(0);
          expect(bytes.length - size).toBeLessThan(8);
          expect(Buffer.compare(bytes.subarray(0, size), pattern(next++).subarray(0, size))).toBe(0);
        }
        break;
      }
    }
    expect(next).toBe(320);
    expect(buffer.stats().dropped).toBe(0);
  });

  it('that are lost are counted, by CPU: received and lost are produced', async () => {
    await using bpf = await attached();
    const buffer = bpf.maps.samples.open({ bytes: 4096 });
    let received = 0;
    for (let round = 0; round < 20; round++) {
      callGetppid(200);
      received += buffer.drain().length;
    }
    callGetppid(1); // an older kernel tells of losses with the next record
    received += buffer.drain().length;
    const { dropped = 0 } = buffer.stats();
    expect(dropped).toBeGreaterThan(1000);
    expect(received + dropped).toBe(4001);
    expect(bpf.globals.bss.produced).toBe(4001n);
    expect(bpf.globals.bss.refused).toBe(BigInt(dropped));
    expect(buffer.cpus.find(({ cpu }) => cpu === lastCpu)?.lost).toBe(dropped);
  });

  it('wake for every so many of them, and at an interval for the rest', async () => {
    await using bpf = await attached();
    using buffer = bpf.maps.samples.open({ wakeup: { events: 50 } });
    const sizes: number[] = [];
    const reading = (async () => {
      for await (const batch of buffer.batches({ pollInterval: 200 })) {
        sizes.push(batch.length);
        if (sizes.reduce((sum, size) => sum + size) >= 60) break;
      }
    })();
    await sleep(20);
    callGetppid(10);
    await sleep(20);
    expect(sizes).toEqual([]);
    callGetppid(40);
    await sleep(20);
    const afterWakeup = sizes.length;
    callGetppid(10);
    await reading;
    expect(afterWakeup).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(60);
  });

  it('wake for bytes', async () => {
    await using bpf = await attached();
    using buffer = bpf.maps.samples.open({ wakeup: { bytes: 2000 } });
    const first = buffer.events().next();
    callGetppid(100);
    expect(await first).toMatchObject({ value: { sequence: 0n } });
  });

  it('of a flight recorder: the newest overwrite the oldest, read on demand', async () => {
    await using bpf = await attached();
    using recorder = bpf.maps.samples.open({ overwrite: true, bytes: 4096 });
    callGetppid(1000);
    const recent = recorder.drain().map(({ sequence }) => sequence);
    expect(recent.length).toBeGreaterThan(60);
    expect(recent).toEqual(numbers(1000 - recent.length, 1000));
    expect(recorder.drain()).toEqual([]);
    callGetppid(3);
    expect(recorder.drain().map(({ sequence }) => sequence)).toEqual(numbers(1000, 1003));
    expect(bpf.globals.bss.refused).toBe(0n);
  });

  it('of all CPUs come by time', async () => {
    await using bpf = await attached();
    using buffer = bpf.maps.samples.open({ order: true });
    for (let round = 0; round < 40; round++) {
      runOn(String(round % (lastCpu + 1)));
      callGetppid(20);
    }
    const records = buffer.drain();
    expect(new Set(records.map(({ cpu }) => cpu)).size).toBe(lastCpu + 1);
    expect(records.map(({ sequence }) => sequence)).toEqual(numbers(0, 800));
    expect(buffer.late).toBe(0);
  });
});
