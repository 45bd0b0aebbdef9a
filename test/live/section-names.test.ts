/** Sections and functions whose names libbpf cuts, or takes for something else: each finds its own. */
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, open, openSync } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { compile } from '../support/clang.js';
import { libbpfProgram } from '../support/program.js';
import { temporary } from '../support/temporary.js';

const beginning = `
#define SEC(name) __attribute__((section(name), used))
char LICENSE[] SEC("license") = "GPL";
`;
const flags = ['-g'];
const packet = new Uint8Array(64);

/** Two names that are cut to the same, one that is not cut, and what libbpf tells whole. */
const cut = `${beginning}
int first SEC(".bss.packet_counts_in");
int second SEC(".bss.packet_counts_out");
int short_one SEC(".bss.few");
int told SEC(".data.packet_counts_in") = 9;
const volatile int constant SEC(".rodata.packet_counts_in") = 8;
int plain;
SEC("xdp") int count(void *ctx)
{
  first += 1; second += 20; short_one += 300; told += constant; plain += 5;
  return 2;
}
`;

describe('sections with long names', () => {
  it('have the values that their variables have in plain libbpf', async () => {
    const { path } = compile(cut, 'bpf', flags);
    await using bpf = await load(path);
    bpf.programs.count?.testRunSync({ data: packet } as never);
    const globals = bpf.globals as Record<string, Record<string, number>>;
    const values = Object.values(globals).flatMap(section => Object.entries(section));
    expect(Object.fromEntries(values)).toEqual({
      first: 1,
      second: 20,
      short_one: 300,
      told: 17,
      constant: 8,
      plain: 5,
    });
    const lines = execFileSync(
      libbpfProgram(new URL('../support/sections.c', import.meta.url)),
      [path, 'count'],
      {
        encoding: 'utf8',
      },
    )
      .trim()
      .split('\n')
      .map(line => line.split(' '));
    const after = lines
      .slice(lines.length / 2)
      .map(([, , bytes = '']) => Buffer.from(bytes, 'hex').readInt32LE());
    expect(Object.values(globals).map(section => Object.values(section)[0])).toEqual(after);
    expect(new Set(lines.map(([name]) => name))).toContain('.bss.packet_cou');
  });
});

describe('an object', () => {
  const source = `${beginning}int kept = 4; const volatile int limit = 2; int zero; SEC("xdp") int run(void *ctx) { return kept + limit + zero; }`;
  const { path } = compile(source, 'bpf', flags);

  it.each(['.hidden', '.data.x', 'näh', 'a.b.c', 'a-name-of-more-than-fifteen'])(
    'may be called %s',
    async name => {
      const named = join(temporary('named'), '..', `${name}.bpf.o`);
      copyFileSync(path, named);
      await using bpf = await load(named);
      expect({ ...bpf.globals.data, ...bpf.globals.rodata, ...bpf.globals.bss }).toEqual({
        kept: 4,
        limit: 2,
        zero: 0,
      });
    },
  );

  it('of one function without a section has no program, as in libbpf', async () => {
    const lone = compile('int add(int *numbers) { return numbers[0] + numbers[1]; }', 'bpf', flags);
    await using opened = await open(lone.path);
    expect(Object.keys(opened.programs)).toEqual([]);
  });

  it('of a function beside a program has that program alone', () => {
    const source = `${beginning}__attribute__((noinline)) int twice(int *n) { return 2 * *n; } SEC("xdp") int run(void *ctx) { int n = 1; return twice(&n); }`;
    using opened = openSync(compile(source, 'bpf', flags).path);
    expect(Object.keys(opened.programs)).toEqual(['run']);
  });
});
