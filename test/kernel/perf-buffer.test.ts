/** Perf buffers: pauses, CPUs, refusals, ends. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bpftool, runScript } from '../support/child.js';
import { callGetppid, getppid } from '../support/getppid.js';
import { need } from '../support/need.js';
import { attached, everywhere, lastCpu, numbers, runOn } from '../support/perf-samples.js';

describe('a perf buffer', () => {
  beforeEach(context => {
    need(context, 'perf_buffer');
    runOn(String(lastCpu));
  });
  afterEach(() => runOn(everywhere));

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

  it('is one at a time, and leaves its places in the map empty', async () => {
    await using bpf = await attached();
    const buffer = bpf.maps.samples.open();
    expect(() => bpf.maps.samples.open()).toThrow(expect.objectContaining({ code: 'ERR_BPF_BUSY' }));
    buffer.closeSync();
    buffer.closeSync();
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
      const bpf = await load(${JSON.stringify(object)}, globals);
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
