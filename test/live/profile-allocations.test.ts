/** Profiles of allocations, of a program with a leak of known size. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { type Profile, profile, startProfile } from 'libbpf-ts/profile';
import { beforeAll, describe, expect, it } from 'vitest';
import { Talker } from '../support/talker.js';
import { temporary } from '../support/temporary.js';

/** On each line it does one thing. Each function keeps what it names, and nothing else. */
const source = `
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *volatile kept[100000];
static int count;
#define KEEP(p) (kept[__atomic_fetch_add(&count, 1, __ATOMIC_SEQ_CST)] = (p))
#define OWN __attribute__((noinline)) static void

OWN leak_37_kib(void) { for (int i = 0; i < 37; i++) KEEP(malloc(1024)); }
OWN leak_nothing(void) { for (int i = 0; i < 1000; i++) { void *volatile p = malloc(1024); free(p); } }
OWN leak_zeroed(void) { KEEP(calloc(10, 100)); }
OWN leak_grown(void) {
  char *volatile p = malloc(10);
  for (int size = 100; size <= 100000; size *= 10) p = realloc(p, size);
  KEEP(p);
}
OWN fail_to_grow(void) {
  void *volatile p = malloc(2000);
  void *volatile q = realloc(p, PTRDIFF_MAX);
  if (q) abort();
  KEEP(p);
}
OWN fail(void) { void *volatile p = malloc(PTRDIFF_MAX), *volatile q = calloc(1l << 40, 1l << 40); if (p || q) abort(); }
OWN leak_aligned(void) {
  void *p = 0;
  posix_memalign(&p, 64, 300);
  KEEP(p);
  KEEP(aligned_alloc(64, 640));
  KEEP(memalign(64, 50));
  KEEP(valloc(7));
  KEEP(reallocarray(0, 3, 5));
}
OWN leak_text(void) { KEEP(strdup("0123456789")); }
OWN shrink_to_nothing(void) { void *volatile p = malloc(500); p = realloc(p, 0); }

/* A stack for each path: 65,536 of them, each with an allocation that says which it was. */
__attribute__((noinline)) static void zero(int depth, int path);
__attribute__((noinline)) static void one(int depth, int path) {
  if (depth == 0) { void *volatile p = malloc(path); (void)p; return; }
  zero(depth - 1, 2 * path);
  one(depth - 1, 2 * path + 1);
  __asm__ volatile("");
}
__attribute__((noinline)) static void zero(int depth, int path) { one(depth, path); __asm__ volatile("" ::: "memory"); }

static void *work(void *unused) {
  for (int i = 0; i < 2000; i++) {
    void *volatile p = malloc(64);
    p = realloc(p, 128);
    if (i % 10 == 0) KEEP(p); else free(p);
  }
  return unused;
}
OWN leak_in_threads(void) {
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) pthread_create(&threads[i], 0, work, 0);
  for (int i = 0; i < 8; i++) pthread_join(threads[i], 0);
}
int main(void) {
  char line[32];
  puts("ready");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    switch (line[0]) {
      case 'a': leak_37_kib(); leak_nothing(); leak_zeroed(); leak_grown(); fail_to_grow(); fail();
        leak_aligned(); leak_text(); shrink_to_nothing(); break;
      case 'p': one(16, 1); break;
      case 't': leak_in_threads(); break;
      case 'f': while (count) free(kept[--count]); break;
    }
    puts("done");
    fflush(stdout);
  }
}`;

beforeAll(() => {
  writeFileSync(temporary('leaks.c'), source);
  const flags = ['-O1', '-fno-omit-frame-pointer', '-fno-optimize-sibling-calls', '-fno-builtin', '-w'];
  const build = (name: string, ...more: string[]) =>
    execFileSync('gcc', [...flags, temporary('leaks.c'), '-o', temporary(name), '-pthread', ...more]);
  build('leaks');
  build('leaks-static', '-static');
});

/** Bytes by the function that kept them. */
function byFunction({ stacks }: Profile): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { frames, value } of stacks) {
    const name = frames.find(frame => /^leak_|^fail|^shrink|^work$/.test(frame.name ?? ''))?.name ?? 'other';
    sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}

/** The path that the program went, from its outermost frame on: `zero` stands before the `one` that it calls. */
function pathOf(frames: Profile['stacks'][number]['frames']): number {
  const names = frames.map(({ name }) => name).toReversed();
  let path = 1;
  for (let at = names.indexOf('one') + 1; at < names.length; at++) {
    const isZero = names[at] === 'zero';
    if (isZero) at++;
    if (names[at] === 'one') path = 2 * path + Number(!isZero);
  }
  return path;
}

const known = {
  leak_37_kib: 37 * 1024,
  leak_zeroed: 1000,
  leak_grown: 100_000,
  fail_to_grow: 2000,
  leak_aligned: 300 + 640 + 50 + 7 + 15,
  // Of leak_text: strdup() uses the frame pointer for something else, so that nothing is found behind it.
  other: 11,
};

async function during(pid: number, work: () => Promise<unknown>): Promise<Profile> {
  await using running = await startProfile({ pid, mode: 'allocations' });
  await work();
  return running.stop();
}

describe('a profile of allocations', () => {
  it.each(['leaks', 'leaks-static'])(
    'has what was kept, by who kept it, and nothing else: %s',
    async name => {
      await using program = await Talker.start('', [temporary(name)]);
      const found = await during(program.pid, () => program.ask('a'));
      expect(byFunction(found)).toEqual(known);
      expect(found).toMatchObject({ unit: 'bytes', lost: 0 });
      expect(found.folded()).toMatch(/^leaks(?:-static)?;.*main;leak_37_kib 37888$/m);
      expect(found.brokenStacks()).toMatchObject([{ value: 11 }]);
      expect(found.stacks.every(({ frames }) => frames.every(({ kind }) => kind !== 'kernel'))).toBe(true);
    },
  );

  it('is exact where many threads take each other’s memory', async () => {
    await using program = await Talker.start('', [temporary('leaks')]);
    const found = await during(program.pid, () => program.ask('t'));
    expect(byFunction(found).work).toBe(8 * 200 * 128);
  });

  it('takes no two stacks for one, of 65,536', async () => {
    await using program = await Talker.start('', [temporary('leaks')]);
    const found = await during(program.pid, () => program.ask('p'));
    const wrong = found.stacks.filter(({ frames, value }) => pathOf(frames) !== value);
    expect(found.stacks).toHaveLength(65_536);
    expect(wrong).toEqual([]);
    expect(found.lost).toBe(0);
  });

  it('is empty where all was freed, and knows nothing of what was there before', async () => {
    await using program = await Talker.start('', [temporary('leaks')]);
    await program.ask('a');
    const found = await during(program.pid, async () => {
      await program.ask('f');
      await program.ask('a');
      await program.ask('f');
    });
    expect(found.total).toBe(0);
  });

  it('leaves other processes alone', async () => {
    await using program = await Talker.start('', [temporary('leaks')]);
    await using other = await Talker.start('', [temporary('leaks')]);
    const found = await during(program.pid, () => other.ask('a'));
    expect(found.stacks).toEqual([]);
  });

  it('of a process that is not there is refused', async () => {
    await expect(profile({ pid: 2 ** 22 + 1, mode: 'allocations', for: 1 })).rejects.toThrow(
      /profile allocations: .*process 4194305/,
    );
  });
});
