/** The types that objects need, beside those that `bpftool gen min_core_btf` keeps; differences of two BTFs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Btf, diffBtf, minimalBtf } from '../../../lib/btf/index.js';
import { compile, run } from '../../support/clang.js';
import { asBpftool, dumped } from './bpftool.js';

/** A kernel of our own, that has everything a relocation can meet. */
const kernelBtf = `
enum color { RED = 3, GREEN = 70 };
enum unused { NONE };
typedef int pid_alias;
struct empty_one { int nothing; };
struct inner { long pad; union { struct { int deep; unsigned flag : 3; }; long other; }; char name[8]; };
struct big { char skipped[100]; struct inner i[3]; struct empty_one *pointer; pid_alias pid; enum color c; long last; };
struct sized { long a[5]; };
struct untouched { int a, b; };
`;
const program = `
#define __core __attribute__((preserve_access_index))
enum color { RED = 1, GREEN = 2 };
typedef int pid_alias;
struct empty_one;
struct inner { union { int deep; }; unsigned flag : 3; char name[4]; } __core;
struct big___mine { pid_alias pid; struct inner i[2]; struct empty_one *pointer; } __core;
struct sized { long a[2]; } __core;
__attribute__((section("xdp"), used)) int first(struct big___mine *b) {
  return b->i[1].deep + b->i[1].name[2] + b->pid + (b->pointer != 0)
    + __builtin_preserve_type_info(*(struct sized *)0, 1)
    + __builtin_preserve_enum_value(*(enum color *)GREEN, 1)
    + __builtin_preserve_field_info(b->i[0].flag, 2);
}
`;

const kernel = compile(
  `${kernelBtf}struct big big; struct sized sized; struct untouched untouched; enum unused unused;`,
);
const object = compile(program);
const types = Btf.fromBytes(kernel.bytes, 'kernel');

describe('minimal BTF', () => {
  const bytes = minimalBtf(types, [Btf.fromBytes(object.bytes, 'x.bpf.o')]);
  const ours = Btf.parse(bytes, 'min');

  it('is what bpftool reads, word for word', () => {
    const path = `${object.path}.btf`;
    writeFileSync(path, bytes);
    const theirs = dumped(run('bpftool', '-j', 'btf', 'dump', 'file', path));
    expect(theirs.map(({ id }) => asBpftool(ours, Number(id)))).toEqual(theirs);
  });

  it('has the types and members that bpftool keeps', () => {
    const [raw, path] = [`${kernel.path}.btf`, `${object.path}.min`];
    run(
      'objcopy',
      '-I',
      'elf64-little',
      '-O',
      'binary',
      '--only-section=.BTF',
      '--set-section-flags',
      '.BTF=alloc',
      kernel.path,
      raw,
    );
    run('bpftool', 'gen', 'min_core_btf', raw, path, object.path);
    const theirs = Btf.fromBytes(readFileSync(path), 'theirs');
    const listed = (btf: Btf) =>
      [...btf]
        .filter(({ kind }) => ['struct', 'union', 'enum', 'typedef'].includes(kind))
        .map(
          type =>
            `${type.cName.split(' {')[0]} ${type.resolved.size} ${type.members.map(({ name, bitOffset, bits }) => `${name}@${bitOffset}:${bits}`)}`,
        )
        .sort();
    expect(listed(ours)).toEqual(listed(theirs));
    expect(ours.all('struct untouched')).toEqual([]);
  });

  it('is small for the running kernel', () => {
    const [all, real] = [
      '/sys/kernel/btf/vmlinux',
      compile(
        'struct task_struct { int pid; struct task_struct *real_parent; } __attribute__((preserve_access_index)); __attribute__((section("tc"))) int f(struct task_struct *t) { return t->real_parent->pid; }',
      ),
    ];
    const vmlinux = Btf.fromBytes(readFileSync(all), 'vmlinux');
    const small = minimalBtf(vmlinux, [Btf.fromBytes(real.bytes, 'x.bpf.o')]);
    expect(small.length).toBeLessThan(1000);
    const [before, after] = [vmlinux, Btf.parse(small, 'min')].map(btf => btf.get('struct task_struct'));
    expect(after?.member('pid').offset).toBe(before?.member('pid').offset);
    expect(after?.size).toBe(before?.size);
  });
});

describe('differences', () => {
  it('are what changed, by name', () => {
    const old = compile(
      'struct a { int x; long y; int gone; }; struct b { int z; }; enum e { ONE, TWO }; struct a a; struct b b; enum e e;',
    );
    const now = compile(
      'struct a { long x; long y; struct { int added; }; }; struct c { int z; }; enum e { ONE = 1, THREE = 3 }; struct a a; struct c c; enum e e;',
    );
    const found = diffBtf(Btf.fromBytes(old.bytes, 'old'), Btf.fromBytes(now.bytes, 'now'));
    expect(found).toEqual([
      { name: 'enum e', change: 'changed', details: ['TWO removed', 'THREE = 3 added', 'ONE: 0 became 1'] },
      {
        name: 'struct a',
        change: 'changed',
        details: ['member gone removed', 'member added added: int', 'member x: int became long'],
      },
      { name: 'struct b', change: 'removed', details: [] },
      { name: 'struct c', change: 'added', details: [] },
    ]);
    expect(diffBtf(types, types)).toEqual([]);
  });
});

describe('a layout', () => {
  it('has the offsets and sizes that pahole prints', () => {
    const numbers = (text: string) =>
      [...text.matchAll(/^\s+(.*?);?\s*\/\*\s+(\d+)(?::\s?(\d+))?\s+(\d+)/gm)].map(
        ([, , offset, bit]) => `${offset}:${Number(bit ?? 0)}`,
      );
    const theirs = run('pahole', '-C', 'big', '--expand_types', kernel.path);
    const ours = types.get('struct big').toLayout();
    expect(ours).toContain('char skipped[100];');
    expect(ours).toMatch(/hole of 4 bytes/);
    expect(numbers(ours).length).toBe(types.get('struct big').members.length);
    for (const place of numbers(ours)) expect(numbers(theirs)).toContain(place);
  });
});
