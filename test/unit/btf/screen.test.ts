/** Objects before libbpf sees them: what compilers make passes, what would end the process does not. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ElfWriter } from '../../../lib/asm/elf-writer.js';
import { Btf, screenLinked, screenObject } from '../../../lib/btf/index.js';
import { screenTypes } from '../../../lib/btf/screen/types.js';
import { compile } from '../../support/clang.js';
import { ownTime } from '../../support/damage.js';
import { Edited } from '../../support/edited.js';
import { assemble } from './kinds.js';

const objects = ['test/bpf', 'examples'].flatMap(folder =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.bpf.o'))
    .map(name => `${folder}/${name}`),
);
const kernelBtf = '/sys/kernel/btf/vmlinux';
const source = `
struct inner { int a; } __attribute__((preserve_access_index));
struct ops { int (*first)(void); struct inner in; long tail; };
extern int option __attribute__((section(".kconfig")));
struct { int (*type)[2]; int (*max_entries)[1]; } map __attribute__((section(".maps"), used));
int counter = 3;
__attribute__((section("struct_ops/first"))) int first(void) { return 1; }
__attribute__((section(".struct_ops"))) struct ops table = { .first = first };
int other(struct inner *i) { return i->a + counter + option; }
__attribute__((section("xdp"))) int pass(struct inner *i) { return other(i) + *(long *)&map; }
char terms[] __attribute__((section("license"))) = "GPL";
`;
const { bytes } = compile(source, 'bpfel', ['-g', '-Wno-everything']);
const edited = () => new Edited(bytes);
/** Where the program loads 64 bits, in two instructions. */
const wideLoad = edited()
  .section('xdp')
  .bytes.findIndex((byte, at) => byte === 0x18 && at % 8 === 0);
const screened = (each: Uint8Array) => () => screenObject(each, 'x.bpf.o');

describe('an object that clang or libbpf made', () => {
  it.each([...objects])('%s passes', path => {
    screenObject(readFileSync(path), path);
  });

  it('is any of sixty', () => expect(objects.length).toBeGreaterThan(60));

  it.each(['bpfel', 'bpfeb'])('passes in the byte order of %s', target => {
    screened(compile(source, target, ['-g', '-Wno-everything']).bytes)();
  });

  it('is looked at once', () => {
    const large = readFileSync('test/bpf/iterators.bpf.o');
    screenObject(large, 'x');
    const start = ownTime();
    for (let i = 0; i < 100; i++) screenObject(large, 'x');
    expect(ownTime() - start).toBeLessThan(100);
  });
});

describe('an object that was damaged', () => {
  it.each<[what: string, damaged: Edited, message: RegExp]>([
    [
      'a relocation past its section',
      edited().within('.relxdp', 0, 1n << 32n),
      /relocation 0 of section \d+ \(\.relxdp\) changes \d+ bytes at offset 4294967296 of xdp, past/,
    ],
    [
      'a relocation of no symbol',
      edited().within('.relxdp', 12, 77777),
      /relocation 0 .* is for symbol 77777, of \d+/,
    ],
    [
      'relocations of no section',
      edited().header('.relxdp', 'info', 99),
      /section \d+ \(\.relxdp\) is for section 99, of \d+ sections/,
    ],
    [
      'relocations of a section without bytes',
      edited().header('xdp', 'type', 8),
      /is for xdp, which has no bytes/,
    ],
    [
      'a function whose last half is relocated',
      edited().symbol('pass', 'size', wideLoad + 8),
      /relocation \d+ of .*\.relxdp.* changes 16 bytes/,
    ],
    [
      'a huge alignment',
      edited().header('.data', 'alignment', 1n << 40n),
      /aligned to \d+ bytes together, 67108864 allowed/,
    ],
    [
      'a crooked alignment',
      edited().header('.data', 'alignment', 24),
      /\(\.data\) has alignment 24, a power of two/,
    ],
    [
      'entries of no size',
      edited().header('.relxdp', 'entrySize', 0),
      /\(\.relxdp\) has entries of 0 bytes, 16 expected/,
    ],
    [
      'half a relocation',
      edited().header('.relxdp', 'size', 20),
      /has 20 bytes, which are not whole entries of 16/,
    ],
    ['a compressed table of names', edited().header('.strtab', 'flags', 0x800), /\(\.strtab\) is compressed/],
    [
      'a symbol past its section',
      edited().symbol('counter', 'value', 1 << 20),
      /symbol \d+ \(counter\) needs 4 bytes at offset 1048576, but section \d+ has 4/,
    ],
    [
      'a symbol of no section',
      edited().symbol('counter', 'section', 4000),
      /symbol \d+ \(counter\) is in section 4000, of/,
    ],
    [
      'a section symbol of no section',
      edited().symbol('counter', 'section', 0xfff1).symbol('counter', 'info', 3),
      /\(counter\) is of a section that is not there/,
    ],
    [
      'two symbol tables',
      edited().header('.relxdp', 'type', 2).header('.relxdp', 'entrySize', 24).header('.relxdp', 'size', 24),
      /two sections symbol table/,
    ],
    [
      'sections that are the whole file',
      edited()
        .header('.data', 'size', bytes.length)
        .header('.data', 'offset', 0)
        .header('.relxdp', 'size', bytes.length - (bytes.length % 16))
        .header('.relxdp', 'offset', 0)
        .header('xdp', 'size', bytes.length)
        .header('xdp', 'offset', 0)
        .header('.text', 'size', bytes.length)
        .header('.text', 'offset', 0),
      /its sections have \d+ bytes, but the file has/,
    ],
    [
      'a section of 5 GB',
      edited().header('license', 'type', 8).header('license', 'size', 5e9),
      /its zero variables have 5000000000 bytes, 268435456 are allowed/,
    ],
  ])('is refused: %s', (_, damaged, message) => {
    expect(screened(damaged.bytes)).toThrow(
      expect.objectContaining({ code: 'ERR_BPF_ELF', message: expect.stringMatching(message) }),
    );
  });
});

describe('an object that would keep libbpf busy', () => {
  const int = [0, 1 << 24, 4, 32];
  const made = (fill: (elf: ElfWriter) => void) => {
    const elf = new ElfWriter(true);
    fill(elf);
    return elf.bytes();
  };

  it('is refused for its functions', () => {
    const many = made(elf => {
      const code = elf.section('.text', 'code', new Uint8Array(8 * 10_001));
      for (let i = 0; i < 10_001; i++) elf.symbol(`f${i}`, code, 8 * i, 8);
    });
    expect(screened(many)).toThrow(/ERR_BPF_ELF, it has 10001 functions, 10000 are allowed/);
  });

  it('is refused for functions of the same code', () => {
    const many = made(elf => {
      const code = elf.section('.text', 'code', new Uint8Array(800));
      for (let i = 0; i < 9; i++) elf.symbol(`f${i}`, code, 0, 800);
    });
    expect(screened(many)).toThrow(/its functions have 7200 bytes, but its code has 800/);
  });

  it('is refused for its sections', () => {
    const many = made(elf => {
      elf.section('.BTF', 'plain', assemble(int, '\0'));
      for (let i = 0; i < 10_000; i++) elf.section(`s${i}`, 'data', new Uint8Array(1));
    });
    expect(screened(many)).toThrow(/it has \d+ sections, 10000 are allowed/);
  });

  it('is refused for what is compared with each other', () => {
    const section = Array.from({ length: 60_000 }, (_, i) => [2, 4 * i, 4]).flat();
    const words = [...int, 0, 14 << 24, 1, 1, 1, (15 << 24) | 60_000, 4, ...section];
    const many = made(elf => {
      elf.section('.BTF', 'plain', assemble(words, '\0.data\0'));
      const code = elf.section('.text', 'code', new Uint8Array(16_000));
      for (let i = 0; i < 2000; i++) elf.symbol(`f${i}`, code, 8 * i, 8);
    });
    expect(screened(many)).toThrow(/it has 60000 variables and 2001 symbols, more than libbpf compares/);
  });

  it('is refused by the linker for its types', () => {
    const list = (length: number) =>
      made(elf => {
        const structs = Array.from({ length }, (_, i) => [
          1,
          (4 << 24) | 1,
          8,
          1,
          2 * i + 2,
          0,
          0,
          2 << 24,
          (2 * i + 3) % (2 * length),
        ]);
        elf.section('.BTF', 'plain', assemble(structs.flat(), '\0a\0'));
      });
    expect(() => screenLinked(list(16_000), 'x.o')).toThrow(
      /^read x\.o: ERR_BPF_ELF, it has 32001 types, 30000 are linked/,
    );
    screenLinked(list(10_000), 'x.o');
  });
});

describe('types', () => {
  const [names, int] = ['\0a\0b\0.kconfig\0.struct_ops\0', [0, 1 << 24, 4, 32]];
  const struct = (members: number[], size = 4) => [0, (4 << 24) | (members.length / 3), size, ...members];
  const refused = (words: readonly number[], message: RegExp) => {
    const start = ownTime();
    const screen = () => screenTypes(assemble(words, names), 'x.btf');
    expect(screen).toThrow(
      expect.objectContaining({
        code: 'ERR_BPF_BTF',
        operation: 'read x.btf',
        message: expect.stringMatching(message),
      }),
    );
    expect(ownTime() - start).toBeLessThan(1000);
  };

  it.each<[what: string, words: readonly number[]]>([
    ['a typedef of itself', [1, 8 << 24, 1]],
    [
      'modifiers in a circle',
      [
        [0, 9 << 24, 2],
        [0, 10 << 24, 3],
        [0, 11 << 24, 1],
      ].flat(),
    ],
    ['a pointer to itself', [0, 2 << 24, 1]],
    ['an array of itself', [0, 3 << 24, 0, 1, 1, 2]],
    ['a struct that contains itself', struct([1, 1, 0])],
    ['a union in an array in itself', [0, (5 << 24) | 1, 8, 1, 2, 0, 0, 3 << 24, 0, 1, 1, 2]],
    ['a function that takes itself', [0, (13 << 24) | 1, 0, 1, 1]],
    ['a variable of itself', [1, 14 << 24, 1, 1]],
  ])('are refused: %s', (_, words) => refused(words, /BTF type \d+ contains itself \(no compiler/));

  it.runIf(existsSync(kernelBtf))('of the running kernel pass', () => {
    expect(screenTypes(readFileSync(kernelBtf), kernelBtf).count).toBeGreaterThan(10_000);
  });

  it('that point at themselves through a struct are what lists are', () => {
    screenTypes(assemble([...struct([1, 2, 0], 8), 0, 2 << 24, 1], names), 'x.btf');
  });

  it('without end are refused', () => {
    const chain = (length: number) => [
      ...Array.from({ length }, (_, i) => [0, 10 << 24, i + 2]).flat(),
      ...int,
    ];
    refused(chain(100_000), /is nested more than 512 types deep/);
    screenTypes(assemble(chain(500), names), 'x.btf');
  });

  it('that each hold the next twice are refused', () => {
    const levels = Array.from({ length: 40 }, (_, i) => struct([1, i + 2, 0, 3, i + 2, 0]));
    refused([...levels.flat(), ...int], /has more than 10000000 parts/);
    const prototypes = Array.from({ length: 40 }, (_, i) => [0, (13 << 24) | 2, 0, 1, i + 2, 3, i + 2]);
    refused([...prototypes.flat(), ...int], /has more than 10000000 parts/);
  });

  it('that libbpf would read as others are refused', () => {
    refused(
      [...struct([]), 0, (4 << 24) | 0x10000, 4, ...Array(0x30000).fill(0)],
      /type 2 has more than 65535 entries/,
    );
    refused([0, (0x24 << 24) | 0, 4], /kind 36/);
    refused(
      [3, (15 << 24) | 1, 4, 2, 0, 4, ...int],
      /section b of the BTF lists type 2, which is no variable/,
    );
    refused([0, 2 << 24, 9], /type 9 is referred to, but the last is 1/);
  });

  it('of struct_ops and options are refused where libbpf would look past them', () => {
    const refused = (damaged: Edited, message: RegExp) => expect(screened(damaged.bytes)).toThrow(message);
    refused(
      edited().record('.struct_ops', 4, 0xfffffff0),
      /needs 24 bytes at offset 4294967280 of \.struct_ops, which has 24/,
    );
    refused(edited().record('ops', 2, 4096), /needs 4096 bytes at offset 0 of \.struct_ops/);
    refused(edited().record('ops', 8, 8 * 22), /member 1 of BTF type \d+ ends at 26, but it has 24 bytes/);
    const struct = table.find('struct', 'inner') ?? expect.fail();
    refused(edited().record('option', 2, struct), /option option of the kernel's configuration is no number/);
  });

  const table = Btf.fromBytes(bytes, 'x');
});
