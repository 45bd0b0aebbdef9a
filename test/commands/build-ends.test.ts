/** Builds that end badly leave both files as they were, or both new; and nothing else. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'; // biome-ignore format: one line
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkout, type Ended, ended } from '../support/child.js';
import { temporary } from '../support/temporary.js';
import { seconds } from '../support/time.js';

const main = join(checkout, 'dist/cli/main.js');
const source = join(checkout, 'examples/execsnoop/execsnoop.bpf.c');
let folder = '';
let scratch = '';
let count = 0;

/** A folder with a source, and one for what builds put away meanwhile. */
beforeEach(() => {
  folder = temporary(`project${count++}`);
  scratch = join(folder, 'tmp');
  mkdirSync(scratch, { recursive: true });
  cpSync(source, join(folder, 'x.bpf.c'));
});

const environment = () => ({ cwd: folder, env: { ...process.env, TMPDIR: scratch } });

function build(...args: string[]): Promise<Ended> {
  return ended(process.execPath, [main, 'build', 'x.bpf.c', ...args], environment());
}

/** A program in the place of clang. */
function fakeClang(script: string): string {
  const path = join(scratch, 'fake-clang');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Whether module and object are of one build: the module has the object's digest. */
function belongTogether(): boolean {
  const digest = createHash('sha256').update(readFileSync(join(folder, 'x.bpf.o'))).digest('hex'); // biome-ignore format: one line
  return readFileSync(join(folder, 'x.bpf.ts'), 'utf8').includes(digest);
}

const left = () =>
  [...readdirSync(folder), ...readdirSync(scratch)].filter(name => /partial|libbpf-ts-/.test(name));

describe('a build', () => {
  it('that cannot write one of its files leaves the other', async () => {
    await build();
    const old = readFileSync(join(folder, 'x.bpf.o'));
    rmSync(join(folder, 'x.bpf.ts'));
    mkdirSync(join(folder, 'x.bpf.ts'));
    const { code, stderr } = await build('--', '-DOTHER', '-O1');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: write .*x\.bpf\.ts: EISDIR, /)]);
    expect(readFileSync(join(folder, 'x.bpf.o')).equals(old)).toBe(true);
    rmSync(join(folder, 'x.bpf.o'));
    expect((await build()).code).toBe(1);
    expect(existsSync(join(folder, 'x.bpf.o'))).toBe(false);
    expect(left()).toEqual([]);
  });

  it.each(['SEGV', 'KILL'])('whose clang dies by SIG%s says so, of which source', async signal => {
    const { code, stderr } = await build('--clang', fakeClang(`kill -${signal} $$`));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^error: compile x\\.bpf\\.c: ERR_BPF_CLANG, clang was ended by the signal SIG${signal} `),
    );
    expect(left()).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'that gets %s ends clang, and then by it',
    async signal => {
      await build();
      const note = join(scratch, 'pids');
      const clang = fakeClang(`sleep 60 & echo $$ $! > ${note}; wait`);
      const child = spawn(process.execPath, [main, 'build', 'x.bpf.c', '--clang', clang], environment());
      const end = new Promise(resolve => child.on('exit', (_, by) => resolve(by)));
      await expect
        .poll(() => existsSync(note) && readFileSync(note, 'utf8'), { timeout: seconds(10) })
        .toMatch(/\d+ \d+/);
      child.kill(signal);
      expect(await end).toBe(signal);
      for (const pid of readFileSync(note, 'utf8').trim().split(' ')) expect(isRunning(pid)).toBe(false);
      expect(belongTogether()).toBe(true);
      expect(left()).toEqual([]);
    },
  );

  it('that is ended at any moment leaves two files that fit', async () => {
    await build();
    for (let round = 0; round < 12; round++) {
      const args = [main, 'build', 'x.bpf.c', '--', round % 2 === 0 ? '-O1' : '-O2'];
      const child = spawn(process.execPath, args, environment());
      const end = new Promise(resolve => child.on('exit', resolve));
      await sleep(100 + round * 60);
      child.kill('SIGTERM');
      await end;
      expect(belongTogether()).toBe(true);
      expect(left()).toEqual([]);
    }
  });

  it('removes what a killed one left, and nothing of one that runs', async () => {
    const child = spawn(process.execPath, [main, 'build', 'x.bpf.c', '--clang', fakeClang('exec sleep 60')], environment()); // biome-ignore format: one line
    const works = () => readdirSync(scratch).filter(name => name.startsWith('libbpf-ts-'));
    await expect.poll(works, { timeout: seconds(10) }).toHaveLength(1);
    await expect.poll(() => clangsIn(scratch), { timeout: seconds(10) }).toHaveLength(1);
    await build();
    expect(works()).toHaveLength(1);
    const [clang = ''] = clangsIn(scratch);
    child.kill('SIGKILL');
    await new Promise(resolve => child.on('exit', resolve));
    process.kill(Number(clang), 'SIGKILL');
    const space = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
    const [ofDead, ofLiving] = [child.pid, process.pid].map(
      pid => `x.bpf.o.${space}-${pid}-abcdef01.partial`,
    );
    for (const name of [ofDead, ofLiving]) writeFileSync(join(folder, String(name)), '');
    expect((await build()).code).toBe(0);
    expect(works()).toEqual([]);
    expect(left()).toEqual([ofLiving]);
  });
});

function isRunning(pid: string): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** Processes that a build in this folder has started: they compile into it. */
function clangsIn(path: string): string[] {
  return readdirSync('/proc').filter(pid => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`TMPDIR=${path}`) && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n'; // biome-ignore format: one line
    } catch {
      return false;
    }
  });
}
