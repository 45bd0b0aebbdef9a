/** Stamps that programs take, beside the clock on the wall and clock_gettime(2) in C. */
import { execFileSync } from 'node:child_process';
import { clock } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { clock as stamps } from '../bpf/clock.bpf.js';
import { runScript } from '../support/child.js';
import { callGetppid, getppid, watchGetppid } from '../support/getppid.js';
import { need } from '../support/need.js';
import { program } from '../support/program.js';

/** What C has for the three clocks, in nanoseconds: monotonic, boottime, realtime. */
const reading = `
#include <stdio.h>
#include <time.h>
int main(void) {
  const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_REALTIME};
  for (int i = 0; i < 3; i++) {
    struct timespec now;
    clock_gettime(clocks[i], &now);
    printf("%lld\\n", now.tv_sec * 1000000000LL + now.tv_nsec);
  }
}`;

function clocksOfC(): bigint[] {
  return execFileSync(program(reading), { encoding: 'utf8' }).trim().split('\n').map(BigInt);
}

/** Whether a stamp's date lies between two moments of the wall clock, which has milliseconds. */
function expectBetween(date: Date, before: number, after: number): void {
  expect(date.getTime()).toBeGreaterThanOrEqual(before - 1);
  expect(date.getTime()).toBeLessThanOrEqual(after + 1);
}

describe('the clocks', () => {
  it('agree with clock_gettime in C', () => {
    const [monotonic = 0n, boottime = 0n, realtime = 0n] = clocksOfC();
    // C reads its clocks one after the other; an interruption in between is the only difference.
    for (const unix of [clock.monotonic.toUnix(monotonic), clock.boottime.toUnix(boottime)])
      expect(Math.abs(Number(unix - realtime))).toBeLessThan(20e6);
    expect(clock.monotonic.fromUnix(clock.monotonic.toUnix(monotonic))).toBe(monotonic);
  });

  it('date what a program stamps', async context => {
    need(context, 'raw_tp');
    await using bpf = await stamps.load(watchGetppid);
    await bpf.attach();
    const before = Date.now();
    callGetppid(1);
    const after = Date.now();
    expectBetween(clock.monotonic.toDate(bpf.globals.bss.monotonic), before, after);
    expectBetween(clock.boottime.toDate(bpf.globals.bss.boottime), before, after);
  });

  it('date it in a time namespace too, where user space sees other clocks', async context => {
    need(context, 'time_namespace');
    const script = `
      import { clock, load } from 'libbpf-ts';
      const object = ${JSON.stringify(new URL('../bpf/clock.bpf.o', import.meta.url).pathname)};
      const bpf = await load(object, { rodata: { target_pid: process.pid, watched: ${getppid}n } });
      await bpf.attach();
      process.ppid;
      const { monotonic, boottime } = bpf.globals.bss;
      const late = date => Date.now() - date.getTime();
      console.log(late(clock.monotonic.toDate(monotonic)) < 1000, late(clock.boottime.toDate(boottime)) < 1000);
      console.log(process.hrtime.bigint() - monotonic > 10n ** 15n);
      await bpf.close();
    `;
    const wrapper = ['unshare', '--fork', '--time', '--monotonic', '2000000', '--boottime', '5000000'];
    const { stdout, stderr } = await runScript(script, [], wrapper);
    expect({ stdout, stderr }).toEqual({ stdout: 'true true\ntrue\n', stderr: '' });
  });

  it('follow a clock that somebody sets', context => {
    need(context, 'settime');
    const [, boottime = 0n] = clocksOfC();
    const before = clock.boottime.toDate(boottime).getTime();
    const set = (shift: string) => execFileSync('date', ['--set', shift]);
    set('+1 hour');
    const shifted = clock.boottime.toDate(boottime).getTime();
    set('-1 hour');
    expect(Math.round((shifted - before) / 60_000)).toBe(60);
    expect(Math.abs(clock.boottime.toDate(boottime).getTime() - before)).toBeLessThan(30_000);
  });
});
