/** The command line as its users meet it: real files, real exit codes, what stands on which stream. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkout, type Ended, ended } from '../support/child.js';

const main = join(checkout, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function cli(...args: string[]): Promise<Ended> {
  return ended(process.execPath, [main, ...args], { cwd: folder });
}

describe('libbpf-ts', () => {
  it('prints the overview without arguments, and its version', async () => {
    const { stdout, code } = await cli();
    expect([code, stdout]).toEqual([0, expect.stringContaining('Commands:\n  init ')]);
    const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
    expect(await cli('--version')).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
  });

  it.each([[['help', 'run']], [['run', '--help']], [['run', 'x.o', '-h']]])(
    '%j explains a command',
    async args => {
      expect((await cli(...args)).stdout).toMatch(/^Usage: libbpf-ts run \[OPTIONS\] X\.bpf\.o\n/);
    },
  );

  it.each<[string, string[], number, RegExp]>([
    [
      'an unknown command',
      ['biuld'],
      2,
      /^error: libbpf-ts: .*no command biuld; there are init, build, .*\n$/,
    ],
    [
      'an unknown option',
      ['run', '--jsno', 'x'],
      2,
      /^error: libbpf-ts run: .*'--jsno'.*see libbpf-ts help run\)\n$/,
    ],
    ['a missing source', ['build', 'none.bpf.c'], 1, /^error: compile none\.bpf\.c: ENOENT, no such file\n$/],
    ['another ending', ['build', 'none.c'], 2, /does not end in \.bpf\.c/],
    [
      'a missing object',
      ['generate', 'none.bpf.o'],
      1,
      /^error: read none\.bpf\.o: ENOENT, no such file.*\n$/,
    ],
    ['an object to run that is none', ['run', main], 1, /^error: .*ERR_BPF_ELF/],
    ['a strange duration', ['run', 'x', '-d', 'long'], 2, /--duration takes a number of seconds, not long/],
    [
      'BTF that is none',
      ['vmlinux', '--btf', '/etc/passwd'],
      1,
      /^error: read \/etc\/passwd: ERR_BPF_BTF, not BTF: it starts with/,
    ],
    ['an unwritable place', ['vmlinux', '-o', '/proc/x.h'], 1, /^error: write \/proc\/x\.h: /],
  ])('refuses %s', async (_, args, exitCode, message) => {
    const { code, stdout, stderr } = await cli(...args);
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });

  it('ends quietly when nobody reads on', async () => {
    const pipeline = `"${process.execPath}" "${main}" vmlinux | head -1`;
    const { stdout, stderr, code } = await ended('/bin/sh', ['-c', pipeline]);
    expect({ stdout, stderr, code }).toEqual({ stdout: '#ifndef __VMLINUX_H__\n', stderr: '', code: 0 });
  });
});

describe('libbpf-ts vmlinux', () => {
  it('prints a header that clang takes, with every struct that bpftool knows', async () => {
    const header = join(folder, 'vmlinux.h');
    expect(await cli('vmlinux', '-o', header)).toMatchObject({ code: 0, stderr: '' });
    execFileSync('clang', ['-target', 'bpf', '-fsyntax-only', '-x', 'c', '-Wno-everything', header]);
    const structs = (text: string) => new Set(text.match(/^struct \w+ \{$/gm));
    const dump = ['btf', 'dump', 'file', '/sys/kernel/btf/vmlinux', 'format', 'c'];
    const known = structs(execFileSync('bpftool', dump, { encoding: 'utf8', maxBuffer: 1 << 28 }));
    const ours = structs(readFileSync(header, 'utf8'));
    expect(known.size).toBeGreaterThan(1000);
    expect([...known].filter(struct => !ours.has(struct))).toEqual([]);
  });
});
