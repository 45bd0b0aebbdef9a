/** Profiles of programs that know themselves where their time goes. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Profile, profile } from 'libbpf-ts/profile';
import { beforeAll, describe, expect, it } from 'vitest';
import { Cgroup } from '../support/cgroup.js';
import { Talker } from '../support/talker.js';
import { temporary } from '../support/temporary.js';

/** Seven parts of its own CPU time in one function, three in another. */
const source = `
#include <stdio.h>
#include <time.h>
static double used(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}
static void spin(double end) {
  do for (volatile int i = 0; i < 20000; i++); while (used() < end);
}
__attribute__((noinline)) void heavy_work(double ms) { spin(used() + ms); __asm__ volatile(""); }
__attribute__((noinline)) void light_work(double ms) { spin(used() + ms); __asm__ volatile(""); }
int main(void) {
  puts("ready");
  fflush(stdout);
  for (;;) heavy_work(7), light_work(3);
}`;

beforeAll(() => {
  writeFileSync(temporary('spin.c'), source);
  execFileSync('gcc', [
    '-O1',
    '-fno-omit-frame-pointer',
    '-fno-inline',
    temporary('spin.c'),
    '-o',
    temporary('spin'),
  ]);
});

/** Of all samples of processes of that name, those that go through a function. */
function shareOf({ stacks }: Profile, name: string): number {
  const sum = (list: Profile['stacks']) => list.reduce((all, { value }) => all + value, 0);
  return sum(stacks.filter(({ frames }) => frames.some(frame => frame.name === name))) / sum(stacks);
}

describe('a profile', () => {
  it('of a process tells functions within three points', async () => {
    await using program = await Talker.start('', [temporary('spin')]);
    const found = await profile({ pid: program.pid, frequency: 997, for: 3000 });
    expect(found.total).toBeGreaterThan(500);
    expect(Math.abs(shareOf(found, 'heavy_work') - 0.7)).toBeLessThan(0.03);
    expect(Math.abs(shareOf(found, 'light_work') - 0.3)).toBeLessThan(0.03);
    expect(shareOf(found, 'main')).toBeGreaterThan(0.97);
    expect(found).toMatchObject({ unit: 'samples', frequency: 997, lost: 0 });
    expect(found.duration).toBeGreaterThan(2900);
    // The kernel's part of a stack is in front of the process's.
    const inKernel = found.stacks.find(({ frames: [first] }) => first?.kind === 'kernel');
    expect(inKernel?.frames.map(({ kind }) => kind)).toEqual(
      [...(inKernel?.frames ?? [])]
        .map(({ kind }) => kind)
        .sort((a, b) => Number(a !== 'kernel') - Number(b !== 'kernel')),
    );
  });

  it('of a process has no other in it, and is empty where it does nothing', async () => {
    await using program = await Talker.start('', [temporary('spin')]);
    await using idle = await Talker.start('', ['sh', '-c', 'echo ready; read line']);
    const found = await profile({ pid: idle.pid, frequency: 997, for: 300 });
    expect(found.stacks.filter(each => each.process !== 'sh')).toEqual([]);
    expect(found.total).toBeLessThan(10);
    expect(program.pid).toBeGreaterThan(0);
  });

  it('of a cgroup has what runs in it and below, with what has ended by then', async () => {
    await using parent = new Cgroup();
    await using child = new Cgroup(parent.path);
    await using outside = await Talker.start('', [temporary('spin')]);
    const inside = child.run(undefined, 'timeout', '0.7', temporary('spin'));
    const found = await profile({ cgroup: parent.path, frequency: 499, for: 1500 });
    await inside;
    const names = new Set(found.stacks.map(each => each.process));
    expect([...names].filter(name => !['spin', 'timeout', 'sh'].includes(name))).toEqual([]);
    expect(found.total).toBeGreaterThan(20);
    expect(shareOf(found, 'heavy_work')).toBeGreaterThan(0.3);
    expect(outside.pid).toBeGreaterThan(0);
  });

  it('ends by its signal, with what there was', async () => {
    await using program = await Talker.start('', [temporary('spin')]);
    const ending = new AbortController();
    const running = profile({ pid: program.pid, frequency: 997, signal: ending.signal });
    await sleep(500);
    ending.abort();
    const found = await running;
    expect(found.total).toBeGreaterThan(50);
    expect(found.duration).toBeLessThan(5000);
  });

  it('names JavaScript', async () => {
    writeFileSync(
      temporary('work.mjs'),
      `console.log('ready'); function hotFunction(n) { let s = 0; for (let i = 0; i < n; i++) s += Math.sqrt(i); return s; }\nfor (;;) hotFunction(1e6);\n`,
    );
    // V8 opens an empty log in the folder that it runs in.
    const flags = ['--perf-basic-prof', '--logfile=/dev/null', '--no-logfile-per-isolate'];
    await using node = await Talker.start('', [process.execPath, ...flags, temporary('work.mjs')]);
    const found = await profile({ pid: node.pid, frequency: 499, for: 1000 });
    expect(shareOf(found, 'hotFunction')).toBeGreaterThan(0.8);
    expect(found.flameGraph()).toContain(`hotFunction ${temporary('work.mjs')}:1`);
  });

  it('refuses what cannot be meant', async () => {
    const wrong = [
      [{ for: 1 }, /say whose: give pid, cgroup or startedBy, or all: true/],
      [{ pid: 1, all: true, for: 1 }, /all is without pid/],
      [{ pid: 1 }, /would never end/],
      [{ pid: -1, for: 1 }, /pid is an integer/],
      [{ pid: 1, for: -1 }, /for is a time in milliseconds/],
      [{ pid: 1, for: Number.POSITIVE_INFINITY }, /for is a time in milliseconds/],
      [{ pid: 1, signal: {} }, /signal is an AbortSignal/],
      [{ pid: 1, for: 1, frequency: 0 }, /at least 1/],
      [{ pid: 1, for: 1, frequenzy: 9 }, /no option frequenzy; .*frequency/],
      [{ cgroup: 5, for: 1 }, /cgroup, the folder of a cgroup, is a string, not 5/],
      [{ all: 1, for: 1 }, /all is true, not 1/],
      [{ pid: 1, uid: -1, for: 1 }, /uid is an integer/],
      [{ pid: 1, comm: '', for: 1 }, /comm is a string/],
      [undefined, /say whose: /],
    ] as const;
    for (const [options, message] of wrong) await expect(profile(options as never)).rejects.toThrow(message);
    await expect(profile({ cgroup: '/nowhere', for: 1 })).rejects.toThrow(/ENOENT/);
  });
});
