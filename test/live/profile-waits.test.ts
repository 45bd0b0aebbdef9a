/** Profiles of waiting, of programs that measure themselves how long they wait, and for what. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Profile, profile, startProfile } from 'libbpf-ts/profile';
import { beforeAll, describe, expect, it } from 'vitest';
import { Cgroup } from '../support/cgroup.js';
import { Talker } from '../support/talker.js';
import { temporary } from '../support/temporary.js';

/** On each line that it hears it does one thing, and tells how many nanoseconds that took. */
const source = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}
static struct timespec part = {0, 150000000};

/* The C library has no frame pointers: the caller of its functions is not in a stack, but the one before. */
__attribute__((noinline)) void nap(void) {
  struct timespec t = {0, 20000000};
  nanosleep(&t, 0);
}
__attribute__((noinline)) void sleep_often(void) {
  for (int i = 0; i < 100; i++) nap();
}
static void spin(void) {
  for (long long end = now() + 700000000; now() < end;);
}
static void sleep_once(void) { nanosleep(&part, 0); }
static void wait_for_lock(void) {
  int word = 0;
  syscall(SYS_futex, &word, FUTEX_WAIT, 0, &part, 0, 0);
}
static void wait_for_flock(void) {
  int one = open("/proc/self/exe", O_RDONLY), two = open("/proc/self/exe", O_RDONLY);
  flock(one, LOCK_EX);
  if (fork() == 0) { nanosleep(&part, 0); flock(one, LOCK_UN); _exit(0); }
  flock(two, LOCK_EX);
  close(one), close(two);
}
static void wait_for_descriptor(void) {
  int fds[2];
  pipe(fds);
  struct pollfd p = {fds[0], POLLIN, 0};
  poll(&p, 1, 150);
}
static void wait_for_bytes(int fds[2]) {
  char byte;
  if (fork() == 0) { nanosleep(&part, 0); write(fds[1], "x", 1); _exit(0); }
  read(fds[0], &byte, 1);
}
static void wait_for_pipe(void) { int fds[2]; pipe(fds); wait_for_bytes(fds); }
static void wait_for_socket(void) { int fds[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, fds); wait_for_bytes(fds); }
static void wait_for_child(void) {
  pid_t child = fork();
  if (child == 0) { nanosleep(&part, 0); _exit(0); }
  waitpid(child, 0, 0);
}
static void wait_for_signal(void) {
  sigset_t set;
  siginfo_t info;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigtimedwait(&set, &info, &part);
}
static const struct { const char *name; void (*work)(void); } works[] = {
  {"often", sleep_often}, {"sleep", sleep_once}, {"lock", wait_for_lock}, {"flock", wait_for_flock},
  {"poll", wait_for_descriptor}, {"pipe", wait_for_pipe}, {"network", wait_for_socket},
  {"child", wait_for_child}, {"spin", spin}, {"signal", wait_for_signal},
};
int main(void) {
  char line[32];
  puts("ready");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\\n")] = 0;
    for (int i = 0; i < 10; i++)
      if (!strcmp(works[i].name, line)) {
        long long begun = now();
        works[i].work();
        printf("%lld\\n", now() - begun);
        fflush(stdout);
      }
  }
}`;

beforeAll(() => {
  writeFileSync(temporary('waits.c'), source);
  const flags = ['-O1', '-fno-omit-frame-pointer', '-w'];
  execFileSync('gcc', [...flags, temporary('waits.c'), '-o', temporary('waits')]);
});

type Stack = Profile['stacks'][number];

function sum({ stacks }: Profile, wanted: (stack: Stack) => boolean): number {
  return stacks.filter(wanted).reduce((all, { value }) => all + value, 0);
}

/** Profiles a process while something is done. */
async function during<T>(pid: number, work: () => Promise<T>, minimum = 0) {
  await using running = await startProfile({ pid, mode: 'off-cpu', minimum });
  const result = await work();
  return [await running.stop(), result] as const;
}

/** How long its threads were ready for a CPU and had none, in nanoseconds, as the scheduler has it. */
function runDelay(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]);
}

describe('a profile of waiting', () => {
  it('tells a hundred sleeps as the program measured them', async () => {
    await using program = await Talker.start('', [temporary('waits')]);
    const delay = runDelay(program.pid);
    const [found, said] = await during(program.pid, () => program.ask('often'));
    const runnable = runDelay(program.pid) - delay;
    const sleeping = found.stacks.filter(({ frames }) => frames.some(({ name }) => name === 'sleep_often'));
    const total = sleeping.reduce((all, { value }) => all + value, 0);
    expect(Math.abs(total / Number(said) - 1)).toBeLessThan(0.02);
    expect(new Set(sleeping.map(({ state }) => state))).toEqual(new Set(['sleep', 'runnable']));
    // The scheduler reads its clock a moment before the tracepoints: a tenth of a millisecond for each of the waits.
    const ours = sum(found, ({ state }) => state === 'runnable');
    expect(Math.abs(ours - runnable)).toBeLessThan(Math.max(10e6, runnable / 10));
    expect(found).toMatchObject({ unit: 'nanoseconds', lost: 0, frequency: undefined });
  });

  it('says what they were for', async () => {
    await using program = await Talker.start('', [temporary('waits')]);
    const whats = ['sleep', 'lock', 'poll', 'pipe', 'network', 'child', 'signal'];
    const said = new Map<string, number>();
    const [found] = await during(program.pid, async () => {
      for (const what of whats) said.set(what, Number(await program.ask(what)));
      said.set('lock', (said.get('lock') ?? 0) + Number(await program.ask('flock')));
    });
    for (const what of whats) {
      const blocked = sum(
        found,
        ({ state, frames }) => state === what && frames.some(({ name }) => name === 'main'),
      );
      expect(blocked / (said.get(what) ?? 0), what).toBeGreaterThan(0.9);
      expect(blocked / (said.get(what) ?? 0), what).toBeLessThan(1.01);
      expect(found.folded()).toMatch(new RegExp(`^waits;\\[${what}\\];.*main`, 'm'));
    }
  });

  it('has a wait that began before it and goes on behind it', async () => {
    await using program = await Talker.start('', [temporary('waits')]);
    await sleep(50);
    const found = await profile({ pid: program.pid, mode: 'off-cpu', for: 400 });
    expect(found.stacks).toHaveLength(1);
    expect(found.stacks[0]).toMatchObject({ process: 'waits', state: 'network' }); // its input is a socket pair
    expect(found.total / 1e6).toBeGreaterThan(350);
    expect(found.total / 1e6).toBeLessThan(found.duration + 10);
    expect(found.folded()).toMatch(
      /^waits;\[network\];\[waiting since before the profile\];.*unix_stream_read/,
    );
  });

  it('has a wait that began in it and goes on behind it', async () => {
    await using program = await Talker.start('', [temporary('waits')]);
    await using running = await startProfile({ pid: program.pid, mode: 'off-cpu' });
    const answer = program.ask('often');
    await sleep(350);
    const half = await running.read();
    expect(sum(half, ({ state }) => state === 'sleep') / 1e6).toBeGreaterThan(300);
    expect(sum(half, ({ state }) => state === 'sleep') / 1e6).toBeLessThan(half.duration + 10);
    await sleep(350);
    const found = await running.stop();
    await answer;
    expect(sum(found, ({ state }) => state === 'sleep') / 1e6).toBeGreaterThan(650);
  });

  it('leaves out what is shorter than asked', async () => {
    await using program = await Talker.start('', [temporary('waits')]);
    const work = async () => {
      for (const what of ['sleep', 'often', 'sleep']) await program.ask(what);
    };
    const [found] = await during(program.pid, work, 100);
    const sleeping = sum(found, ({ state }) => state === 'sleep') / 1e6;
    expect(sleeping).toBeGreaterThan(299);
    expect(sleeping).toBeLessThan(600);
  });

  it('of two programs that share a CPU has what the scheduler says they waited for it', async () => {
    const pinned = ['taskset', '1', temporary('waits')];
    await using one = await Talker.start('', pinned);
    await using two = await Talker.start('', pinned);
    const before = runDelay(one.pid);
    const [found] = await during(one.pid, () => Promise.all([one.ask('spin'), two.ask('spin')]));
    const delay = runDelay(one.pid) - before;
    const ours = sum(found, ({ state }) => state === 'runnable');
    expect(ours).toBeGreaterThan(2e8);
    expect(Math.abs(ours / delay - 1)).toBeLessThan(0.02);
  });

  it('of a cgroup has its processes, and no others', async () => {
    await using parent = new Cgroup();
    await using child = new Cgroup(parent.path);
    await using outside = await Talker.start('', [temporary('waits')]);
    await using running = await startProfile({ cgroup: parent.path, mode: 'off-cpu' });
    await child.run(undefined, 'sleep', '0.3');
    const found = await running.stop();
    const names = new Set(found.stacks.map(each => each.process));
    expect(names).toContain('sleep');
    expect(names).not.toContain('waits');
    const slept = sum(found, stack => stack.process === 'sleep' && stack.state === 'sleep') / 1e6;
    expect(slept).toBeGreaterThan(290);
    expect(slept).toBeLessThan(330);
    expect(outside.pid).toBeGreaterThan(0);
  });
});

describe('a profile by the wall clock', () => {
  it('has all of the time of a thread', async () => {
    await using program = await Talker.start('', [
      'taskset',
      '1',
      'sh',
      '-c',
      'echo ready; while :; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 0.05; done',
    ]);
    const found = await profile({ pid: program.pid, mode: 'wall', frequency: 499, for: 2000 });
    expect(Math.abs(found.total / 1e6 / found.duration - 1)).toBeLessThan(0.05);
    const states = new Set(found.stacks.map(({ state }) => state));
    expect(states).toContain('running');
    expect(states).toContain('child');
    expect(sum(found, ({ state }) => state === 'child') / 1e6).toBeGreaterThan(400);
  });
});

it('a profile that has ended says so', async () => {
  await using running = await startProfile({ pid: process.pid, mode: 'wall' });
  const found = await running.stop();
  expect(await running.stop()).toBe(found);
  await expect(running.read()).rejects.toThrow(/ERR_BPF_CLOSED, it has ended, stop\(\) gives its result/);
  expect(() => running.processes()).toThrow(/ERR_BPF_CLOSED/);
});

it('a profile that was closed has no result', async () => {
  const running = await startProfile({ pid: process.pid, mode: 'wall' });
  await running.close();
  expect(running.closed).toBe(true);
  expect(() => running.stop()).toThrow(/ERR_BPF_CLOSED, it was closed, and has no result/);
});

it('what cannot be meant is refused', async () => {
  const wrong = [
    [{ mode: 'off-cpu', frequency: 99 }, /a profile of the mode off-cpu has no frequency/],
    [{ mode: 'cpu', minimum: 1 }, /a profile of the mode cpu has no minimum/],
    [{ mode: 'wall', minimum: -1 }, /minimum is a time in milliseconds, not -1/],
    [{ mode: 'offcpu' }, /there is no such mode; there are cpu, off-cpu, wall, allocations.*off-cpu/],
  ] as const;
  for (const [options, message] of wrong)
    await expect(profile({ pid: process.pid, for: 1, ...options } as never)).rejects.toThrow(message);
  await expect(profile({ all: true, mode: 'allocations', for: 1 })).rejects.toThrow(/of one process/);
});
