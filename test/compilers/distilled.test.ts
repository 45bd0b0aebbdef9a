/** Modules that were built away from their kernel: their types, beside a kernel and without one, as libbpf reads them. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Btf, BtfBuilder } from '../../lib/btf/index.js';
import { compile, run } from '../support/clang.js';
import { libbpfProgram } from '../support/program.js';
import { temporary } from '../support/temporary.js';
import { asBpftool, dumped } from '../unit/btf/bpftool.js';

const program = libbpfProgram(new URL('distilled.c', import.meta.url));
let files = 0;

/** A file of these bytes. */
function file(bytes: Uint8Array): string {
  const path = temporary(`distilled${files++}`);
  writeFileSync(path, bytes);
  return path;
}

/** Types that a kernel may have: `page` has the size that is asked for. */
function kernelTypes(page: string): Btf {
  const { bytes } = compile(`
    enum state { OFF, ON };
    enum wide { HUGE = 1ULL << 40 };
    union either { int i; float f; };
    struct page { ${page} };
    struct inner { int a; long b; };
    struct file { struct inner inner; enum state state; union either *either; enum wide wide; };
    struct file file; struct page page; union either either;`);
  return Btf.fromBytes(bytes, 'kernel');
}

/** What a module makes of them: pointers to them, values of them, and types of its own. */
function moduleTypes(kernel: Btf): BtfBuilder {
  const builder = new BtfBuilder({ base: kernel });
  const id = (kind: 'struct' | 'union' | 'enum' | 'enum64' | 'int', name: string) =>
    kernel.find(kind, name) ?? 0;
  const pointer = builder.add({ kind: 'ptr', type: id('struct', 'page') });
  const either = builder.add({ kind: 'ptr', type: id('union', 'either') });
  const inner = builder.add({ kind: 'typedef', name: 'inner_t', type: id('struct', 'inner') });
  const several = builder.add({ kind: 'array', type: inner, indexType: id('int', 'int'), count: 2 });
  const members = [
    { name: 'page', type: pointer },
    { name: 'either', type: either, bitOffset: 64 },
    { name: 'inners', type: several, bitOffset: 128 },
    { name: 'state', type: id('enum', 'state'), bitOffset: 384 },
    { name: 'wide', type: id('enum64', 'wide'), bitOffset: 448 },
  ];
  const own = builder.add({ kind: 'struct', name: 'of_module', size: 64, members });
  const proto = builder.add({
    kind: 'func_proto',
    type: id('int', 'int'),
    params: [{ name: 'own', type: own }],
  });
  builder.add({ kind: 'func', name: 'of_module_open', type: proto });
  return builder;
}

/** The same types behind others, as in a kernel that was built later. */
function moved(kernel: Btf): Btf {
  const builder = new BtfBuilder();
  builder.add({ kind: 'struct', name: 'newcomer', size: 8 });
  builder.add({ kind: 'typedef', name: 'inner', type: 1 });
  builder.addAll(kernel);
  return builder.build('kernel');
}

/** A module file, as the kernel's build writes one with CONFIG_DEBUG_INFO_BTF_MODULES. */
function moduleFile(kernel: Btf) {
  const [base, split] = [temporary(`base${files++}`), temporary(`split${files++}`)];
  const all = new BtfBuilder();
  all.addAll(kernel);
  execFileSync(program, ['distill', file(all.bytes()), file(moduleTypes(all.build()).bytes()), base, split]);
  const object = temporary(`module${files++}.o`);
  execFileSync('gcc', ['-c', '-x', 'c', '/dev/null', '-o', object]);
  execFileSync('objcopy', ['--add-section', `.BTF=${split}`, '--add-section', `.BTF.base=${base}`, object]);
  return { bytes: new Uint8Array(readFileSync(object)), base, split };
}

describe('a module with a base of its own', () => {
  const kernel = kernelTypes('long flags');
  const { bytes, base, split } = moduleFile(kernel);

  it('has the types that libbpf distilled, where there is no kernel to look at', () => {
    const types = Btf.fromBytes(bytes, 'm.ko');
    const theirs = dumped(run('bpftool', '-B', base, 'btf', 'dump', '-j', 'file', split));
    expect(types.firstId).toBeGreaterThan(5);
    expect(theirs.length).toBeGreaterThan(6);
    const own = theirs.filter(({ id }) => Number(id) >= types.firstId);
    expect(own.map(({ id }) => asBpftool(types, Number(id)))).toEqual(own);
    expect(own.map(({ name }) => name)).toContain('of_module');
  });

  it('has the types of the kernel that it is read beside, as libbpf relocates them', () => {
    const beside = moved(kernel);
    const all = new BtfBuilder();
    all.addAll(beside);
    const [kernelFile, relocated] = [file(all.bytes()), temporary('relocated')];
    execFileSync(program, ['relocate', base, split, kernelFile, relocated]);
    const theirs = dumped(run('bpftool', '-B', kernelFile, 'btf', 'dump', '-j', 'file', relocated));
    const own = theirs.filter(({ id }) => Number(id) >= beside.count);
    const types = Btf.fromBytes(bytes, 'm.ko', beside);
    expect(own.length).toBeGreaterThan(6);
    expect(types.count).toBe(beside.count + own.length);
    expect(own.map(({ id }) => asBpftool(types, Number(id)))).toEqual(own);
    const module = types.get('struct of_module');
    expect(module.member('page').type.toString()).toContain('struct page');
    expect(module.member('inners').offset).toBe(16);
  });

  it('takes a struct of another size behind a pointer', () => {
    const types = Btf.fromBytes(bytes, 'm.ko', kernelTypes('long flags; long more'));
    expect(types.get('struct page').size).toBe(16);
  });

  it('is refused beside a kernel that lacks a type, or has another where the module has a value', () => {
    const lacking = new BtfBuilder();
    lacking.add({ kind: 'int', name: 'int', size: 4, signed: true });
    expect(() => Btf.fromBytes(bytes, 'm.ko', lacking.build('kernel'))).toThrow(
      /^read m\.ko: ERR_BPF_BTF, it was built with an? \w+ \w+ that kernel does not have/,
    );
    const other = new BtfBuilder();
    other.addAll(kernel, [...kernel.ids('struct'), ...kernel.ids('union'), ...kernel.ids('enum'), ...kernel.ids('enum64')].filter(id => kernel.name(id) !== 'inner' && kernel.name(id) !== 'file')); // biome-ignore format: one line
    other.add({ kind: 'struct', name: 'inner', size: 8 });
    expect(() => Btf.fromBytes(bytes, 'm.ko', other.build('kernel'))).toThrow(
      /struct inner that kernel does not/,
    );
  });
});
