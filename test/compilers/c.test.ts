/** Types as C text: it compiles, and lays out what bpftool says. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Btf, Elf } from '../../lib/btf/index.js';
import { assertions } from '../support/c-assertions.js';
import { compile, run } from '../support/clang.js';
import { assemble } from '../unit/btf/kinds.js';

const path = '/sys/kernel/btf/vmlinux';

/** Hard to print: each needs something that BTF does not say in so many words. */
const awkward = `
#define PACKED __attribute__((packed))
struct forward;
typedef int (*callback)(struct forward *f, const char *const *names, ...);
typedef struct { struct forward *next; callback calls[3]; } anonymous_t;
struct PACKED tight { char a; int b; struct { short c; long d; } e; unsigned f : 3, g : 7; };
struct crossing { unsigned char a : 5; unsigned char b : 5; } PACKED;
struct wide_gaps { int a; long : 40; int : 3; unsigned b : 2; int : 0; char c; } __attribute__((aligned(64)));
struct inside { char a; struct wide_gaps b; struct tight c; } ;
union big { char c; int i; } __attribute__((aligned(32)));
struct tagged_member { struct { int x; union { int y; float z; }; }; enum { RED, GREEN = -5 } color, *other; };
struct arrays { int (*matrix)[2][3]; char *names[4]; void (*(*table[2])(int))(void); int zero[0]; const volatile int *restrict p; };
enum tiny { SMALL = 1 } PACKED;
enum huge { LARGE = 0xffffffff };
struct self { struct self *me; struct other *you; enum tiny t; enum huge h; };
struct other { struct self me; };
struct forward { anonymous_t a; struct crossing c; struct inside i; union big u; struct tagged_member t; struct arrays r; struct other o; };
`;

function compiles(text: string, target = 'bpf'): void {
  compile(text, target, ['-w', '-ferror-limit=3']);
}

describe('types as C', () => {
  it.each(['bpfel', 'bpfeb'])('compile, and lay out what bpftool says: awkward ones for %s', target => {
    const object = compile(`${awkward}struct forward all;`, target);
    const btf = Btf.fromElf(Elf.parse(object.bytes, 'x.bpf.o'));
    const { text, types } = assertions(object.path);
    expect(types).toBeGreaterThan(9);
    compiles(`${btf.toC()}\n${text}`, target);
  });

  it('are the same after a second time through BTF', () => {
    const first = Btf.fromElf(Elf.parse(compile(`${awkward}struct forward all;`).bytes, 'x.bpf.o')).toC();
    const again = Btf.fromElf(Elf.parse(compile(`${first}struct forward all;`).bytes, 'x.bpf.o')).toC();
    expect(again).toBe(first);
  });

  it.runIf(existsSync(path))(
    'compile, and lay out what bpftool says: the running kernel',
    { timeout: 60_000 },
    () => {
      const btf = Btf.parse(readFileSync(path), 'vmlinux');
      const { text, types, members } = assertions(path);
      expect(types).toBeGreaterThan(3000);
      expect(members).toBeGreaterThan(20_000);
      compiles(`${btf.toC()}\n${text}`);
    },
  );

  it('have safe names, whatever the BTF calls them', () => {
    // int "x; }", struct "int" { x; } "a b"
    const strings = '\0x; }\0int\0a b\0';
    const words = [
      [1, 1 << 24, 4, 32],
      [6, (4 << 24) | 1, 4, 10, 1, 0],
    ].flat();
    const text = Btf.parse(assemble(words, strings), 'x.btf').toC();
    expect(text).toBe('typedef unsigned int x___;\n\nstruct int_ {\n\tx___ a_b;\n};\n');
    compiles(text);
  });

  it('are refused where a struct contains itself', () => {
    const btf = Btf.parse(assemble([1, (4 << 24) | 1, 4, 1, 1, 0], '\0a\0'), 'x.btf');
    expect(() => btf.toC()).toThrow(/ERR_BPF_BTF, BTF type 1 contains itself/);
  });
});

describe('a type to walk through', () => {
  const btf = Btf.fromElf(Elf.parse(compile(`${awkward}struct forward all;`).bytes, 'x.bpf.o'));

  it('knows its members, their offsets, and C names', () => {
    const type = btf.get('struct forward');
    expect(type.members.map(({ name, type }) => [name, type.cName]).slice(0, 3)).toEqual([
      ['a', 'anonymous_t'],
      ['c', 'struct crossing'],
      ['i', 'struct inside'],
    ]);
    expect(type.member('r.names[2]')).toMatchObject({ offset: type.member('r.names').offset + 16 });
    expect(type.member('r.names').type.cName).toBe('char *[4]');
    expect(btf.get('struct tagged_member').member('z').bitOffset).toBe(32);
    expect(`${btf.get('callback')}`).toBe(
      'typedef int (*callback)(struct forward *, const char *const *, ...);',
    );
    expect(`${btf.get('union big')}`).toContain('long: 64;');
  });

  it('says what is not there', () => {
    expect(() => btf.get('struct forward').member('i.q')).toThrow(
      'struct inside has no member q (it has a, b, c)',
    );
    expect(() => btf.get('struct nothing')).toThrow('there is no type struct nothing');
    expect(() => btf.get('forward')).toThrow('there is no type forward (it has struct forward)');
  });

  it('is not guessed among several', () => {
    const words = [
      [1, 4 << 24, 0],
      [1, 4 << 24, 8],
    ].flat();
    const two = Btf.parse(assemble(words, '\0s\0'), 'x.btf');
    expect(() => two.get('struct s')).toThrow('struct s may be struct 1, struct 2 (take one by its id)');
    expect(two.all('struct s').map(({ size }) => size)).toEqual([0, 8]);
  });
});

describe('types of kinds that came later', () => {
  const strings = '\0later\0int\0';
  const words = [
    [1, (20 << 24) | 2, 0, 7, 7, 7, 7, 7],
    [7, 1 << 24, 4, 32],
  ].flat();

  it('are skipped where the BTF says how long they are', () => {
    const btf = Btf.parse(withLayouts(words, strings), 'x.btf');
    expect(btf.type(1)).toEqual({ kind: 'unknown', id: 1, name: 'later' });
    expect(btf.type(2)).toMatchObject({ kind: 'int', name: 'int' });
    expect(btf.notes).toEqual(['1 type of BTF kind 20 skipped, which this version does not know']);
  });

  it('are refused with their offset where it does not', () => {
    expect(() => Btf.parse(assemble(words, strings), 'x.btf')).toThrow(/BTF kind 20 at offset 24, which/);
  });
});

/** A header of 32 bytes, whose layout section says that kind 20 adds 4 bytes, and 8 for each entry. */
function withLayouts(words: readonly number[], strings: string): Uint8Array {
  const plain = assemble(words, strings);
  const layouts = new Uint8Array(21 * 4);
  layouts.set([4, 8], 80);
  const bytes = new Uint8Array(plain.length + 8 + layouts.length);
  const end = plain.length - 24;
  bytes.set(plain.subarray(0, 24));
  bytes.set(plain.subarray(24), 32);
  bytes.set(layouts, 32 + end);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, 32, true);
  view.setUint32(24, end, true);
  view.setUint32(28, layouts.length, true);
  return bytes;
}

describe('.BTF.ext', () => {
  const source = `
#define __core __attribute__((preserve_access_index))
struct inner { long pad; int deep; } __core;
struct outer { int a; struct inner i[3]; } __core;
__attribute__((section("xdp"))) int first(struct outer *o) { return o->i[2].deep; }
__attribute__((section("tc"))) int second(struct outer *o) {
  return o->a + __builtin_preserve_field_info(o->i[1].deep, 2);
}`;

  it.each(['bpfel', 'bpfeb'])('has the functions, lines and relocations of a %s object', target => {
    const { bytes, path: file } = compile(source, target);
    const btf = Btf.fromElf(Elf.parse(bytes, 'x.bpf.o'));
    const { functions, lines, relocations } = btf.ext;
    expect(functions.map(({ section, offset, type }) => [section, offset, btf.type(type).name])).toEqual([
      ['xdp', 0, 'first'],
      ['tc', 0, 'second'],
    ]);
    const text = run('llvm-objdump', '-S', '-l', '--no-show-raw-insn', file);
    const listed = [...text.matchAll(/^; (?:\S+):(\d+)$/gm)].map(([, line]) => Number(line));
    expect(listed.length).toBeGreaterThan(2);
    expect(lines.map(({ line }) => line)).toEqual(expect.arrayContaining(listed));
    expect(lines[0]).toMatchObject({
      section: 'xdp',
      offset: 0,
      text: expect.stringContaining('int first('),
    });
    expect(
      relocations.map(({ section, type, access, kind }) => [section, btf.name(type), access, kind]),
    ).toEqual([
      ['xdp', 'outer', '0:1:2:1', 'field_byte_offset'],
      ['tc', 'outer', '0:0', 'field_byte_offset'],
      ['tc', 'outer', '0:1:1:1', 'field_exists'],
    ]);
  });
});
