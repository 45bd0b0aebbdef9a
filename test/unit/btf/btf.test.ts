/** Types as we read them against bpftool and pahole, over objects of both byte orders and the running kernel. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Btf, Elf } from '../../../lib/btf/index.js';
import { compile, run } from '../../support/clang.js';
import { asBpftool, dumped } from './bpftool.js';
import { kinds } from './kinds.js';

const rich = readFileSync(new URL('../../compilers/rich.bpf.c', import.meta.url), 'utf8');
const tagged = `
#define __tag(name) __attribute__((btf_decl_tag(name)))
#define __type_tag(name) __attribute__((btf_type_tag(name)))
struct tagged { int (*variadic)(const char *format, ...); int __type_tag("user") *pointer; float f; int x __tag("member"); } __tag("type");
struct declared;
union both { struct declared *later; double d; };
extern int elsewhere __attribute__((section(".ksyms")));
int first(struct tagged *restrict t, volatile union both *b) { return t->x + elsewhere; }
`;

function read(object: { bytes: Uint8Array }): Btf {
  return Btf.fromElf(Elf.parse(object.bytes, 'x.bpf.o'));
}

describe.each(['bpfel', 'bpfeb'])('types of a %s object', target => {
  it.each([
    ['every declaration', rich],
    ['tags, floats, forwards, variadic functions', tagged],
  ])('equal those of bpftool: %s', (_, source) => {
    const object = compile(source, target);
    const theirs = dumped(run('bpftool', 'btf', 'dump', '-j', 'file', object.path));
    const btf = read(object);
    expect(btf.littleEndian).toBe(target === 'bpfel');
    expect(theirs.map(({ id }) => asBpftool(btf, Number(id)))).toEqual(theirs);
    expect(btf.count).toBe(theirs.length + 1);
  });
});

describe('types of the running kernel', () => {
  const path = '/sys/kernel/btf/vmlinux';

  it.runIf(existsSync(path))('equal those of bpftool, every one', { timeout: 120_000 }, () => {
    const btf = Btf.parse(readFileSync(path), 'vmlinux');
    const theirs = dumped(run('bpftool', '-j', 'btf', 'dump', 'file', path));
    const different = theirs.filter(
      type => JSON.stringify(sorted(asBpftool(btf, Number(type.id)))) !== JSON.stringify(sorted(type)),
    );
    expect(theirs.length).toBeGreaterThan(10_000);
    expect(btf.count).toBe(theirs.length + 1);
    expect(different).toEqual([]);
  });
});

function sorted(type: object): [string, unknown][] {
  return Object.entries(type).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('hand-made types', () => {
  it.each([true, false])('hold every kind, little endian %s, as bpftool reads them', littleEndian => {
    const { bytes, path } = kinds(littleEndian);
    const btf = Btf.parse(bytes, 'kinds');
    const theirs = dumped(run('bpftool', 'btf', 'dump', '-j', 'file', path));
    // bpftool's JSON has no widths of old bitfields; the next test has them from the kernel's btf.rst.
    const others = theirs.filter(({ name }) => name !== 'old');
    expect(others.map(({ id }) => asBpftool(btf, Number(id)))).toEqual(others);
    expect(others.map(({ kind }) => kind)).toContain('ENUM64');
  });

  it('hold bitfields of the old form, whose width is that of their int type', () => {
    const btf = Btf.parse(kinds(true).bytes, 'kinds');
    expect(btf.type(btf.find('struct', 'old') ?? 0)).toMatchObject({
      members: [
        { name: 'a', bitOffset: 0, bits: 3 },
        { name: 'b', bitOffset: 3, bits: 3 },
      ],
    });
  });

  it('read 64-bit enum values exactly', () => {
    const btf = Btf.parse(kinds(true).bytes, 'kinds');
    const type = btf.type(btf.find('enum64', 'wide') ?? 0);
    expect(type).toMatchObject({
      signed: true,
      values: [
        { name: 'LEAST', value: -(2n ** 63n) },
        { name: 'MOST', value: 2n ** 63n - 1n },
      ],
    });
  });
});

describe('a Btf', () => {
  const btf = read(compile(rich));

  it('finds types by kind and name', () => {
    const id = btf.find('struct', 'event') ?? 0;
    expect(btf.type(id)).toMatchObject({ kind: 'struct', name: 'event', id });
    expect(btf.find('union', 'event')).toBeUndefined();
    expect(btf.findAll('typedef', '__u32')).toHaveLength(1);
    expect(btf.find('struct', '')).toBeUndefined();
  });

  it('sizes structs as pahole does', () => {
    const sizes = run('pahole', '--sizes', compile(rich).path).trim().split('\n');
    const theirs = sizes.map(line => line.split('\t')).filter(([name]) => name !== '');
    expect(theirs.length).toBeGreaterThan(2);
    for (const [name = '', size] of theirs) {
      const id = btf.find('struct', name) ?? btf.find('union', name) ?? btf.find('typedef', name) ?? 0;
      expect([name, btf.sizeOf(id)]).toEqual([name, Number(size)]);
    }
  });

  it('looks through names and qualifiers', () => {
    const id = btf.find('typedef', 'range_t') ?? 0;
    expect(btf.kind(btf.resolve(id))).toBe('struct');
    expect(btf.sizeOf(id)).toBe(8);
    expect(btf.alignOf(id)).toBe(4);
    expect(btf.alignOf(btf.find('struct', 'event') ?? 0)).toBe(8);
  });

  it('refuses an id that is not there', () => {
    expect(() => btf.type(99_999)).toThrow(/read x\.bpf\.o: ERR_BPF_BTF, BTF type 99999 .* the last is \d+$/);
  });

  it('gives functions no size', () => {
    const [func = 0] = btf.ids('func');
    expect(() => btf.sizeOf(func)).toThrow(/func on_exec, has no size|has no size/);
  });
});

describe('split BTF', () => {
  it('continues the ids and strings of its base', () => {
    const { bytes } = kinds(true);
    const base = Btf.parse(bytes, 'base');
    const split = kinds(true, base.count, bytes);
    const btf = Btf.parse(split.bytes, 'module', base);
    expect(btf.firstId).toBe(base.count);
    expect(btf.type(1)).toEqual(base.type(1));
    expect(btf.findAll('struct', 'old')).toHaveLength(2);
    expect(btf.name(btf.count - 1)).toBe('enum_of_module');
    expect(btf.sizeOf(btf.firstId + 1)).toBe(8);
  });
});
