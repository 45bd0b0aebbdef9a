/** Counters, beside what the kernel tells of the process in other ways. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PerfCounter } from 'libbpf-ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { perf } from '../bpf/perf.bpf.js';
import { callGetppid, getppid } from '../support/getppid.js';
import { need } from '../support/need.js';

const { pid } = process;

/** How often this process's first thread has left a processor, as proc(5) has it. */
function switches(): number {
  const status = readFileSync(`/proc/${pid}/task/${pid}/status`, 'utf8');
  const counts = [...status.matchAll(/voluntary_ctxt_switches:\t(\d+)/g)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** The thread itself sleeps: a timer that is due already waits for nothing. */
function sleepOften(times: number): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let time = 0; time < times; time++) Atomics.wait(never, 0, 0, 2);
}

describe('a counter', () => {
  beforeEach(context => need(context, 'perf_counter'));

  it('counts what proc counts too', () => {
    const before = switches();
    using counter = PerfCounter.open({ event: 'context-switches', pid });
    const opened = switches();
    sleepOften(100);
    const closing = switches();
    const counted = Number(counter.read().value);
    // Who comes too late to wait does not sleep.
    expect(counted).toBeGreaterThanOrEqual(Math.max(50, closing - opened));
    expect(counted).toBeLessThanOrEqual(switches() - before);
  });

  it('has times to scale by, and starts, stops and is reset', async () => {
    using counter = PerfCounter.open({ event: 'context-switches', pid, disabled: true });
    await sleep(10);
    expect(counter.read()).toEqual({ value: 0n, enabled: 0n, running: 0n, scaled: undefined });
    counter.enable();
    sleepOften(20);
    counter.disable();
    const reading = counter.read();
    expect(reading.value).toBeGreaterThanOrEqual(5n);
    expect(reading.running).toBeGreaterThan(0n);
    expect(reading.scaled).toBe((reading.value * reading.enabled) / reading.running);
    expect(counter.read()).toEqual(reading);
    counter.reset();
    expect(counter.read().value).toBe(0n);
  });

  it('counts CPU by CPU without a process', () => {
    using counter = PerfCounter.open({ event: 'cpu-clock' });
    const cpus = Number(execFileSync('nproc', ['--all'], { encoding: 'utf8' }));
    const each = counter.readEach();
    expect(each.size).toBeGreaterThan(0);
    expect(each.size).toBeLessThanOrEqual(cpus);
    expect([...counter.fds.keys()]).toEqual([...each.keys()]);
    for (const { value } of each.values()) expect(value).toBeGreaterThan(0n);
  });

  it('can be read by a program', async context => {
    need(context, 'raw_tp');
    const rodata = { target_pid: pid, watched: BigInt(getppid), read_counter: 1 };
    await using bpf = await perf.load({ rodata });
    await bpf.attach();
    using counter = PerfCounter.open({ event: 'cpu-clock' });
    for (const [cpu, fd] of counter.fds) bpf.maps.counters.set(cpu, { fd });
    const before = counter.read().value;
    callGetppid(1);
    const { counter: seen, enabled, running } = bpf.globals.bss.counted;
    expect(seen).toBeGreaterThan(0n);
    expect(seen).toBeLessThanOrEqual(counter.read().value);
    expect(before).toBeGreaterThan(0n);
    expect(enabled).toBe(running);
  });

  it('says what cannot be counted, and for whom', () => {
    const refused = (options: Parameters<typeof PerfCounter.open>[0], code: string | RegExp) => {
      expect(() => PerfCounter.open(options)).toThrow(expect.objectContaining({ code }));
    };
    refused({ event: { type: 4_000_000, config: 1n } }, 'ENOENT');
    refused({ event: 'cpu-clock', cpus: [100_000] }, expect.stringMatching(/ENODEV|EINVAL/) as never);
    refused({ event: 'cpu-clock', pid: 2 ** 22 + 1 }, 'ESRCH');
    expect(() => PerfCounter.open({ event: { type: 4_000_000, config: 1n } })).toThrow(
      /count {"type":4000000,"config":"1"} on CPU 0: ENOENT, this machine does not count such events/,
    );
    const counter = PerfCounter.open({ event: 'cpu-clock', pid });
    counter.closeSync();
    counter.closeSync();
    expect(() => counter.read()).toThrow(expect.objectContaining({ code: 'ERR_BPF_CLOSED' }));
  });
});
