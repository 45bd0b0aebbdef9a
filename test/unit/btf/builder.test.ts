/** Types that are built by hand, as bpftool and our own reader read them back. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Btf, BtfBuilder, Elf, type NewBtfType } from '../../../lib/btf/index.js';
import { compile, run } from '../../support/clang.js';
import { temporary } from '../../support/temporary.js';
import { asBpftool, dumped } from './bpftool.js';
import { kinds } from './kinds.js';

const rich = readFileSync(new URL('../../compilers/rich.bpf.c', import.meta.url), 'utf8');

/** Bytes as bpftool dumps them; of split BTF with its base. */
function dumpedBytes(bytes: Uint8Array, base?: Uint8Array) {
  const files = [bytes, ...(base ? [base] : [])].map((each, at) => {
    const path = temporary(`built${at}.btf`);
    writeFileSync(path, each);
    return path;
  });
  const [path = '', basePath] = files;
  const options = basePath === undefined ? [] : ['-B', basePath];
  return dumped(run('bpftool', ...options, 'btf', 'dump', '-j', 'file', path));
}

/** One of each kind, and all that a kind can say. */
const each: readonly NewBtfType[] = [
  { kind: 'int', name: 'int', size: 4, signed: true },
  { kind: 'int', name: '_Bool', size: 1, bool: true },
  { kind: 'ptr', type: 4 },
  { kind: 'struct', name: 'node', size: 24, members: [{ name: 'next', type: 3 }, { name: 'low', type: 1, bitOffset: 64, bits: 3 }, { name: 'high', type: 1, bitOffset: 67, bits: 29 }, { type: 5, bitOffset: 128 }] }, // biome-ignore format: one line
  {
    kind: 'union',
    size: 8,
    members: [
      { name: 'number', type: 1 },
      { name: 'list', type: 6 },
    ],
  },
  { kind: 'array', type: 2, indexType: 1, count: 8 },
  { kind: 'enum', name: 'sign', signed: true, values: [{ name: 'MINUS', value: -1 }, { name: 'PLUS', value: 1 }] }, // biome-ignore format: one line
  { kind: 'enum64', name: 'wide', values: [{ name: 'HUGE', value: 2n ** 63n + 1n }] },
  { kind: 'fwd', name: 'later', of: 'union' },
  { kind: 'typedef', name: 'number_t', type: 1 },
  { kind: 'const', type: 10 },
  { kind: 'volatile', type: 10 },
  { kind: 'restrict', type: 3 },
  { kind: 'func_proto', type: 1, params: [{ name: 'node', type: 3 }], variadic: true },
  { kind: 'func', name: 'walk', type: 14, linkage: 'global' },
  { kind: 'var', name: 'count', type: 1, linkage: 'global' },
  { kind: 'datasec', name: '.bss', size: 4, variables: [{ type: 16, offset: 0, size: 4 }] },
  { kind: 'float', name: 'double', size: 8 },
  { kind: 'decl_tag', name: 'note', type: 4, component: 1 },
  { kind: 'decl_tag', name: 'whole', type: 4 },
  { kind: 'type_tag', name: 'user', type: 1 },
  { kind: 'func_proto' },
];

function built(littleEndian: boolean): BtfBuilder {
  const builder = new BtfBuilder({ littleEndian });
  each.forEach((type, at) => {
    expect(builder.nextId).toBe(at + 1);
    expect(builder.add(type)).toBe(at + 1);
  });
  return builder;
}

describe('built types', () => {
  it.each([true, false])('are what bpftool reads, little endian %s', littleEndian => {
    const bytes = built(littleEndian).bytes();
    const theirs = dumpedBytes(bytes);
    expect(theirs.map(({ kind, name }) => [kind, name])).toEqual(
      each.map(({ kind, name }) => [kind.toUpperCase(), name || '(anon)']),
    );
    const btf = Btf.parse(bytes, 'built');
    expect(btf.littleEndian).toBe(littleEndian);
    expect(theirs.map(({ id }) => asBpftool(btf, Number(id)))).toEqual(theirs);
  });

  it('are read back as they were given', () => {
    const btf = built(true).build();
    for (const [at, type] of each.entries()) expect(btf.type(at + 1)).toMatchObject(type);
  });

  it.each(['bpfel', 'bpfeb'])('of a %s object are the same, all of them', target => {
    const object = compile(rich, target);
    const from = Btf.fromElf(Elf.parse(object.bytes, 'rich.bpf.o'));
    const builder = new BtfBuilder({ littleEndian: from.littleEndian });
    builder.addAll(from);
    const theirs = dumped(run('bpftool', 'btf', 'dump', '-j', 'file', object.path));
    expect(dumpedBytes(builder.bytes())).toEqual(theirs);
  });

  it.each([true, false])('of every kind are the same again, little endian %s', littleEndian => {
    const { bytes } = kinds(littleEndian);
    const from = Btf.parse(bytes, 'kinds');
    const builder = new BtfBuilder({ littleEndian });
    for (let id = 1; id < from.count; id++) {
      const { id: _, ...type } = from.type(id);
      builder.add(type as NewBtfType);
    }
    const again = builder.build();
    for (let id = 1; id < from.count; id++) expect(again.type(id)).toEqual(from.type(id));
  });

  it('are taken from others with what they refer to, and nothing else', () => {
    const from = built(true).build();
    const builder = new BtfBuilder({ littleEndian: true });
    builder.add({ kind: 'int', name: 'char', size: 1 });
    const places = builder.addAll(from, [4]);
    expect([...places.keys()]).toEqual([1, 2, 3, 4, 5, 6]);
    const node = places.get(4) ?? 0;
    const theirs = dumpedBytes(builder.bytes()).find(({ id }) => id === node);
    expect(theirs).toMatchObject({ kind: 'STRUCT', name: 'node', size: 24 });
    expect(builder.build().get('struct node').toLayout()).toBe(from.get('struct node').toLayout());
  });

  it('continue a base, as bpftool reads them', () => {
    const base = built(true);
    const kernel = base.build('kernel');
    const builder = new BtfBuilder({ base: kernel });
    const pointer = builder.add({ kind: 'ptr', type: 4 });
    builder.add({ kind: 'struct', name: 'of_module', size: 8, members: [{ name: 'node', type: pointer }] });
    expect(pointer).toBe(kernel.count);
    const theirs = dumpedBytes(builder.bytes(), base.bytes()).filter(({ id }) => Number(id) >= pointer);
    expect(theirs).toEqual([asBpftool(builder.build(), pointer), asBpftool(builder.build(), pointer + 1)]);
    expect(theirs[1]).toMatchObject({ kind: 'STRUCT', name: 'of_module' });
  });

  it('are what pahole reads', () => {
    const path = temporary('built.btf');
    const builder = new BtfBuilder();
    const int = builder.add({ kind: 'int', name: 'int', size: 4, signed: true });
    builder.add({ kind: 'struct', name: 'pair', size: 8, members: [{ name: 'a', type: int }, { name: 'b', type: int, bitOffset: 32 }] }); // biome-ignore format: one line
    writeFileSync(path, builder.bytes());
    const printed = execFileSync('pahole', ['-F', 'btf', '-C', 'pair', path], { encoding: 'utf8' });
    expect(printed).toMatch(/struct pair \{\s+int +a;\s+\/\*\s+0\s+4 \*\/\s+int +b;\s+\/\*\s+4\s+4 \*\//);
  });
});

describe('a type that BTF cannot hold', () => {
  it.each<[string, unknown, RegExp]>([
    ['of no kind', { kind: 'strukt', size: 4 }, /add BTF type 1: ERR_BPF_ARGUMENT, there is no kind "strukt"; .*\(is struct meant\?\)/], // biome-ignore format: one line
    ['that is void', { kind: 'void' }, /there is no kind "void"/],
    ['without a size', { kind: 'int', name: 'int' }, /size is an integer from 0 .*not undefined/],
    ['without a type', { kind: 'ptr' }, /type is an integer from 0 .*not undefined/],
    [
      'with a member without one',
      { kind: 'struct', size: 4, members: [{ name: 'a' }] },
      /type is an integer/,
    ],
    ['of no values', { kind: 'enum', name: 'e' }, /values: a list, not undefined/],
    ['of a negative size', { kind: 'struct', size: -1 }, /size is an integer from 0/],
    ['with a name that ends early', { kind: 'fwd', name: 'a\0b' }, /a name is a string without NUL/],
    ['with too many members', { kind: 'struct', size: 0, members: Array.from({ length: 65536 }, () => ({ type: 0 })) }, /at most 65535 members/], // biome-ignore format: one line
    ['with a bitfield too far', { kind: 'struct', size: 2 ** 22, members: [{ type: 1, bitOffset: 2 ** 24, bits: 1 }] }, /the offset of .* is an integer from 0 to 16777215/], // biome-ignore format: one line
    ['with a value that is none', { kind: 'enum', values: [{ name: 'A', value: 0.5 }] }, /a value of an enum is an integer/], // biome-ignore format: one line
    ['with a linkage that is none', { kind: 'var', name: 'x', type: 1, linkage: 'weak' }, /linkage is static, global, extern/], // biome-ignore format: one line
    ['that is nothing', undefined, /a type is an object/],
  ])('%s is refused', (_, type, text) => {
    expect(() => new BtfBuilder().add(type as NewBtfType)).toThrow(text);
  });

  it('as it refers to one that is not there is refused when it is written', () => {
    const builder = new BtfBuilder();
    builder.add({ kind: 'ptr', type: 7 });
    expect(() => builder.bytes()).toThrow('type 1 (ptr) refers to type 7; the last is 1');
  });

  it('is refused beside a base of the other byte order', () => {
    const base = built(false).build();
    expect(() => new BtfBuilder({ base, littleEndian: true })).toThrow(/the other byte order/);
    expect(() => new BtfBuilder({ bas: base } as never)).toThrow(/is base meant\?/);
  });
});

it.runIf(existsSync('/sys/kernel/btf/vmlinux'))(
  'the running kernel is the same again',
  { timeout: 60_000 },
  () => {
    const bytes = readFileSync('/sys/kernel/btf/vmlinux');
    const kernel = Btf.parse(bytes, 'vmlinux');
    const builder = new BtfBuilder();
    builder.addAll(kernel);
    const again = builder.build();
    expect(again.count).toBe(kernel.count);
    for (let id = 1; id < kernel.count; id += 7) expect(again.type(id)).toEqual(kernel.type(id));
  },
);
