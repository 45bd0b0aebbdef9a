/** `libbpf-ts btf` as its users meet it, beside bpftool, pahole and clang. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { load } from '../../lib/index.js';
import { checkout, ended } from '../support/child.js';
import { compile, run } from '../support/clang.js';

const main = join(checkout, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-cli-btf-'));
afterAll(() => rmSync(folder, { recursive: true }));
const cli = (...args: string[]) => ended(process.execPath, [main, 'btf', ...args], { cwd: folder });

const before = compile('struct a { int x; char y; long z; }; enum e { A, B }; struct a a; enum e e;');
const after = compile(
  'struct a { int x; long z, w; }; enum e { A, B = 7 }; struct a a; enum e e; union u { int i; } u;',
);

describe('libbpf-ts btf', () => {
  it('dumps C that lays types out as they were', async () => {
    const { code, stdout, stderr } = await cli('dump', before.path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const again = compile(`${stdout}\nstruct a a; enum e e;`);
    const layout = (path: string) => run('pahole', '-C', 'a', path);
    expect(layout(again.path)).toBe(layout(before.path));
  });

  it('lists what bpftool lists', async () => {
    const { types } = JSON.parse(run('bpftool', '-j', 'btf', 'dump', 'file', before.path));
    const theirs = types.map(({ id, kind }: { id: number; kind: string }) => `${id} ${kind.toLowerCase()}`);
    const { stdout } = await cli('list', before.path);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map(line => line.trim().split(/ +/).slice(0, 2).join(' ')),
    ).toEqual(theirs);
  });

  it('shows a type with the offsets and sizes of pahole, and its hole', async () => {
    const { stdout } = await cli('show', 'struct a', before.path);
    const numbers = (text: string) =>
      [...text.matchAll(/(\w+);\s+\/\*\s+(\d+)\s+(\d+)/g)].map(([, ...all]) => all);
    expect(numbers(stdout)).toEqual(numbers(run('pahole', '-C', 'a', before.path)));
    expect(numbers(stdout)).toHaveLength(3);
    expect(stdout).toContain('hole of 3 bytes');
  });

  it('says what changed', async () => {
    const { stdout } = await cli('diff', before.path, after.path);
    expect(stdout).toMatch(/^\+ union u$/m);
    expect(stdout).toMatch(/^~ struct a\n(?: {4}.*\n)*? {4}.*\by\b/m);
    expect(stdout).toMatch(/^~ enum e\n(?: {4}.*\n)*? {4}.*\bB\b/m);
    expect((await cli('diff', before.path, before.path)).stdout).toBe('0 differences\n');
  });

  it.each<[string, string[], number, RegExp]>([
    ['an unknown action', ['dmup'], 2, /there is no action dmup; there are dump, list, show, diff, min/],
    ['no action', [], 2, /it takes ACTION/],
    [
      'a type that is not there',
      ['show', 'struct nothing', before.path],
      1,
      /there is no type struct nothing/,
    ],
    [
      'a type without its tag',
      ['show', 'task_struct'],
      1,
      /there is no type task_struct \(it has struct task_struct\)/,
    ],
    ['a file that is not there', ['dump', 'none.btf'], 1, /^error: read none\.btf: ENOENT/],
    [
      'a file that is none',
      ['list', '/etc/passwd'],
      1,
      /^error: read passwd: ERR_BPF_BTF, not BTF: it starts with/,
    ],
    ['types for the terminal', ['min', before.path], 2, /min writes bytes: name a file with -o/],
    ['one file too many', ['dump', before.path, 'x'], 2, /it takes dump \[FILE\]/],
  ])('refuses %s', async (_, args, exitCode, message) => {
    const { code, stderr } = await cli(...args);
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });

  it('leaves no file behind when the types are damaged', async () => {
    const [damaged, output] = [join(folder, 'damaged.btf'), join(folder, 'damaged.h')];
    writeFileSync(damaged, execFileSync('head', ['-c', '3000', '/sys/kernel/btf/vmlinux']));
    const { code, stderr } = await cli('dump', damaged, '-o', output);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/ERR_BPF_BTF.*bytes/) });
    expect(existsSync(output)).toBe(false);
  });
});

describe('libbpf-ts btf, of the running kernel', () => {
  it('knows the running kernel without a file', async () => {
    const { stdout } = await cli('show', 'struct list_head');
    expect(stdout).toMatch(/struct list_head {\n\s+struct list_head \*next;\s+\/\*\s+0\s+8 \*\/\n/);
  });

  it('cuts a kernel down to what an object needs, which then loads against it', async () => {
    const source = `struct task_struct { int pid; } __attribute__((preserve_access_index)); int at;
      __attribute__((section("raw_tp/sys_enter"), used)) int look(void *ctx) {
        struct task_struct *t = 0; at = __builtin_preserve_field_info(t->pid, 0); return 0; }
      char LICENSE[] __attribute__((section("license"), used)) = "GPL";`;
    const object = compile(source);
    const output = join(folder, 'small.btf');
    expect(await cli('min', object.path, '-o', output)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(output).length).toBeLessThan(1000);
    expect(run('bpftool', 'btf', 'dump', 'file', output)).toContain("STRUCT 'task_struct'");
    await using bpf = await load(object.path, {}, { btf: output });
    expect(bpf.programs).toHaveProperty('look');
  });
});
