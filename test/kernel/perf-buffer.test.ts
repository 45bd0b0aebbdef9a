/** Perf buffers: every record once, in order; losses counted; recorders, CPUs, wake-ups, ends. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { clock, type LoadedObject } from 'libbpf-ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { perf } from '../bpf/perf.bpf.js';
import { bpftool, runScript } from '../support/child.js';
import { callGetppid, getppid } from '../support/getppid.js';
import { need } from '../support/need.js';

type Perf = LoadedObject<typeof perf.description>;
const target = { target_pid: process.pid, watched: BigInt(getppid) };

async function attached(rodata: object = {}): Promise<Perf> {
  const bpf = await perf.load({ rodata: { ...target, ...rodata } });
  await bpf.attach();
  return bpf;
}

/** Runs this process on some CPUs from now on; taskset is not ours. */
function runOn(cpus: string): void {
  execFileSync('taskset', ['-a', '-p', '-c', cpus, String(process.pid)], { stdio: 'ignore' });
}

const everywhere = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
const lastCpu = Number(everywhere.match(/\d+$/)?.[0]);

function numbers(from: number, to: number): bigint[] {
  return Array.from({ length: to - from }, (_, index) => BigInt(from + index));
}

/** What the program writes into its record of a number. */
function pattern(number: number): Uint8Array {
  const words = BigUint64Array.from({ length: 256 }, (_, at) => (BigInt(number) << 16n) | BigInt(at));
  return new Uint8Array(words.buffer);
}

describe('a perf buffer', () => {
  beforeEach(context => {
    need(context, 'perf_buffer');
    runOn(String(lastCpu));
  });
  afterEach(() => runOn(everywhere));

  it('gives every record, typed, in order, with its CPU', async () => {
    await using bpf = await attached();
    const buffer = bpf.maps.samples.open({ bytes: 1 << 18 });
    const before = Date.now();
    callGetppid(1000);
    const records = buffer.drain();
    expect(records.map(({ sequence }) => sequence)).toEqual(numbers(0, 1000));
    expect(records[0]).toMatchObject({ cpu: lastCpu, pid: process.pid });
    expect(clock.monotonic.toDate(records[0]?.time ?? 0n).getTime()).toBeGreaterThanOrEqual(before - 2);
    expect(buffer.stats()).toMatchObject({ delivered: 1000, dropped: 0, waiting: 0 });
  });

  it('has the face of a ring buffer: loops, batches, raw records, listeners', async () => {
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

  it('passes records of every size and wraps around, byte for byte', async () => {
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

  it('counts what is lost, by CPU: received and lost are produced', async () => {
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

  it('wakes for every so many records, and at an interval for the rest', async () => {
    await using bpf = await attached();
    using buffer = bpf.maps.samples.open({ wakeup: { events: 50 } });
    const sizes: number[] = [];
    const reading = (async () => {
      for await (const batch of buffer.batches({ interval: 200 })) {
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

  it('wakes for bytes', async () => {
    await using bpf = await attached();
    using buffer = bpf.maps.samples.open({ wakeup: { bytes: 2000 } });
    const first = buffer.events().next();
    callGetppid(100);
    expect(await first).toMatchObject({ value: { sequence: 0n } });
  });

  it('records a flight: the newest overwrite the oldest, read on demand', async () => {
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

  it('pauses writing: programs are told, and what is there can be read', async () => {
    await using bpf = await attached();
    using buffer = bpf.maps.samples.open();
    callGetppid(5);
    buffer.pauseOutput();
    callGetppid(7);
    buffer.resumeOutput();
    callGetppid(2);
    expect(buffer.drain().map(({ sequence }) => sequence)).toEqual([...numbers(0, 5), 12n, 13n]);
    expect(bpf.globals.bss.refused).toBe(7n);
  });

  it('reads some CPUs only; elsewhere programs are refused', async () => {
    await using bpf = await attached();
    using other = bpf.maps.samples.open({ cpus: [0] });
    callGetppid(5);
    const here = lastCpu === 0 ? 5 : 0;
    expect(other.drain()).toHaveLength(here);
    expect(bpf.globals.bss.refused).toBe(BigInt(5 - here));
    if (here === 0) expect(bpf.globals.bss.refusal).toBe(-2n);
  });

  it('gives the records of all CPUs by time', async () => {
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

  it('is one at a time, and leaves its places in the map empty', async () => {
    await using bpf = await attached();
    const buffer = bpf.maps.samples.open();
    expect(() => bpf.maps.samples.open()).toThrow(expect.objectContaining({ code: 'ERR_BPF_BUSY' }));
    buffer.close();
    buffer.close();
    callGetppid(1);
    expect(bpf.globals.bss.refusal).toBe(-2n);
    using again = bpf.maps.samples.open();
    callGetppid(1);
    expect(again.drain()).toHaveLength(1);
    const shown = bpftool('map', 'show', 'name', 'samples') as { type: string } | { type: string }[];
    expect([shown].flat()[0]?.type).toBe('perf_event_array');
  });

  it('refuses options that cannot be, before anything is open', async () => {
    await using bpf = await attached();
    const { samples } = bpf.maps;
    const refused = (options: object) => {
      expect(() => samples.open(options)).toThrow(expect.objectContaining({ code: 'ERR_BPF_ARGUMENT' }));
    };
    refused({ bytes: 0 });
    refused({ bytes: 2 ** 31 });
    refused({ bytes: Number.NaN });
    refused({ wakeup: { events: 0 } });
    refused({ wakeup: { bytes: 1 << 20 } });
    expect(() => samples.open({ cpus: [0, 100_000] })).toThrow(/CPU 100000/);
    samples.open().close();
  });

  it('ends its loop when the object closes, and passes an error in the loop on', async () => {
    const bpf = await attached();
    callGetppid(0);
    const reading = (async () => {
      for await (const { sequence } of bpf.maps.samples) throw new Error(`at ${sequence}`);
    })();
    callGetppid(2);
    await expect(reading).rejects.toThrow('at 0');
    const rest = (async () => {
      let count = 0;
      for await (const _ of bpf.maps.samples) count++;
      return count;
    })();
    await sleep(20);
    await bpf.close();
    expect(await rest).toBe(1);
  });

  it('lets the process end by itself once nobody reads', async () => {
    const object = new URL('../bpf/perf.bpf.o', import.meta.url).pathname;
    const script = `
      import { load } from 'libbpf-ts';
      const globals = { rodata: { target_pid: process.pid, watched: ${getppid}n } };
      const bpf = await load(${JSON.stringify(object)}, { globals });
      globalThis.kept = bpf;
      await bpf.attach();
      setTimeout(() => process.ppid, 10);
      for await (const sample of bpf.maps.samples) { console.log(sample.sequence); break; }
    `;
    expect(await runScript(script)).toEqual({ code: 0, signal: null, stdout: '0n\n', stderr: '' });
  });

  it('follows CPUs that go and come', async context => {
    need(context, 'cpu_hotplug');
    const [first, last] = [everywhere.match(/^\d+/)?.[0] ?? '0', lastCpu];
    if (last === 0) return context.skip('one CPU only');
    await using bpf = await attached();
    using buffer = bpf.maps.samples.open();
    const online = (value: string) => writeFileSync(`/sys/devices/system/cpu/cpu${last}/online`, value);
    runOn(first);
    online('0');
    // What the CPU had written is read first.
    await expect.poll(() => buffer.drain() && buffer.cpus.map(({ cpu }) => cpu)).not.toContain(last);
    online('1');
    await expect.poll(() => buffer.drain() && buffer.cpus.map(({ cpu }) => cpu)).toContain(last);
    runOn(String(last));
    callGetppid(3);
    expect(buffer.drain().map(({ cpu }) => cpu)).toEqual([last, last, last]);
  });
});
