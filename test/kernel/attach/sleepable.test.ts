/** Programs that may sleep: they read user memory that others could only hope to find. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedObject } from 'libbpf-ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleepable } from '../../bpf/sleepable.bpf.js';
import { need } from '../../support/need.js';
import { Talker } from '../../support/talker.js';

type Name = keyof LoadedObject<typeof sleepable.description>['programs'];

async function only(name: Name, target_pid: number, target_inode = 0n) {
  const opened = await sleepable.open({ rodata: { target_pid, target_inode } });
  opened.programs[name].autoload = true;
  return opened.load();
}

const source = `
#include <stdio.h>
#include <string.h>
#include <sys/sdt.h>
#include <unistd.h>
#include <fcntl.h>
__attribute__((noinline)) const char* target(const char* word) {
  __asm__ volatile("" ::: "memory");
  return word;
}
int main(void) {
  char line[64];
  puts("ready");
  fflush(stdout);
  while (fgets(line, sizeof(line), stdin)) {
    line[strcspn(line, "\\n")] = 0;
    target(line);
    DTRACE_PROBE1(shop, said, line);
    const int status = chdir(line);
    const int fd = open("/etc/hostname", O_RDONLY);
    printf("%d %d\\n", status, fd < 0 ? -1 : 0);
    if (fd >= 0) close(fd);
    fflush(stdout);
  }
}
`;

describe('a program that may sleep', () => {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
  const binary = join(folder, 'talker');
  let talker: Talker;

  beforeAll(async () => {
    writeFileSync(`${binary}.c`, source);
    execFileSync('cc', ['-O1', '-o', binary, `${binary}.c`]);
    talker = await Talker.start('', [binary]);
  });
  afterAll(async () => {
    await talker[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** Says a word to the program, and looks at what the probe read of it. */
  async function reads(bpf: Awaited<ReturnType<typeof only>>, word: string, hits = 1n): Promise<void> {
    await talker.ask(word);
    expect(bpf.globals.bss).toMatchObject({ hits, word });
  }

  it('is a uprobe, or one on returns', async context => {
    need(context, 'uprobe.s');
    for (const name of ['called', 'left'] as const) {
      await using bpf = await only(name, talker.pid);
      await bpf.programs[name].attach({ binary, function: 'target' });
      await reads(bpf, '/dev');
    }
  });

  it('is a uprobe on many functions, or on their returns', async context => {
    need(context, 'uprobe.multi');
    for (const name of ['called_multi', 'left_multi'] as const) {
      await using bpf = await only(name, talker.pid);
      await bpf.programs[name].attach({ binary, functions: ['target'] });
      await reads(bpf, '/proc');
    }
  });

  it('is a session of uprobes', async context => {
    need(context, 'uprobe.session');
    await using bpf = await only('session', talker.pid);
    await bpf.programs.session.attach({ binary, functions: ['target'] });
    await talker.ask('/sys');
    expect(bpf.globals.bss.hits).toBe(2n);
  });

  it('is a USDT probe', async context => {
    need(context, 'usdt.s');
    await using bpf = await only('probed', talker.pid);
    await bpf.programs.probed.attach({ binary, provider: 'shop', name: 'said', pid: talker.pid });
    await reads(bpf, '/tmp');
  });

  it('is at the entry or the exit of a system call, or in its place', async context => {
    need(context, 'fentry.s');
    for (const name of ['entered', 'exited', 'denied'] as const) {
      await using bpf = await only(name, talker.pid);
      await bpf.programs[name].attach();
      const answer = await talker.ask('/dev');
      expect(answer.startsWith('-1')).toBe(name === 'denied');
      expect(bpf.globals.bss).toMatchObject({ hits: 1n, word: '/dev' });
    }
  });

  it('is at both ends of a system call', async context => {
    need(context, 'fsession');
    need(context, 'fentry.s');
    await using bpf = await only('both_ends', talker.pid);
    await bpf.programs.both_ends.attach();
    await reads(bpf, '/dev', 2n);
  });

  it('is a security hook, which denies', async context => {
    need(context, 'lsm.s');
    await using bpf = await only('opened', talker.pid, BigInt(statSync('/etc/hostname').ino));
    const link = await bpf.programs.opened.attach();
    expect(await talker.ask('/')).toBe('0 -1');
    await link.detach();
    expect(await talker.ask('/')).toBe('0 0');
  });
});
