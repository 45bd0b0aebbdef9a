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

/** Minor and major page faults of this process's first thread, as proc(5) has them. */
function faults(): number {
  const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[7]) + Number(fields[9]);
}

describe('a counter', () => {
  beforeEach(context => need(context, 'perf_counter'));

  it('counts what proc counts too', () => {
    using counter = PerfCounter.open({ event: 'page-faults', pid });
    const before = faults();
    // Where the kernel hands out huge pages there are fewer faults, never none.
    const pages = Buffer.alloc(4096 * 2000, 1);
    const counted = Number(counter.read().value);
    const inProc = faults() - before;
    expect(pages[4096]).toBe(1);
    expect(counted).toBeGreaterThan(200);
    expect(Math.abs(counted - inProc)).toBeLessThan(100);
  });

  it('has times to scale by, and starts, stops and is reset', async () => {
    using counter = PerfCounter.open({ event: 'context-switches', pid, disabled: true });
    await sleep(10);
    expect(counter.read()).toEqual({ value: 0n, enabled: 0n, running: 0n, scaled: undefined });
    counter.enable();
    // The thread itself: a timer that is due already waits for nothing.
    for (let sleeps = 0; sleeps < 5; sleeps++)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
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
    for (const [cpu, fd] of counter.fds) bpf.maps.counters.set(cpu, fd);
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
    counter.close();
    counter.close();
    expect(() => counter.read()).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });
});
