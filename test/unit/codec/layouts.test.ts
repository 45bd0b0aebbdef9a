/** Values that a C compiler laid out: we read what it was told to write, and write back the same bytes. */
import fc from 'fast-check';
import { expect, it, describe as suite } from 'vitest';
import { Btf, Elf } from '../../../lib/btf/index.js';
import { type Codec, codecOf, decode, encode } from '../../../lib/codec/index.js';
import { emittable, interpret } from '../../../lib/codec/reader.js';
import { describe } from '../../../lib/gen/index.js';
import { compile, output } from '../../support/clang.js';
import { layouts, sourceOf } from './layouts.js';

const all = fc.sample(layouts, { numRuns: 400, seed: 2 });
const source = sourceOf(all);

/** Bytes of each variable: from its place in the section. */
function variables(target: string) {
  const { bytes } = compile(source, target, ['-g', '-Wno-everything']);
  const elf = Elf.parse(bytes, 'x.bpf.o');
  const btf = Btf.fromElf(elf);
  return all.map((layout, i) => {
    const symbol = elf.symbols.find(({ name }) => name === `v${i}`) ?? expect.fail();
    const section = elf.sections[symbol.section] ?? expect.fail();
    const codec = codecOf(btf, btf.find('struct', `s${i}`) ?? 0) as Codec<object>;
    // A section of zeros alone has no bytes in the file.
    const all = section.bytes.length === 0 ? new Uint8Array(section.size) : section.bytes;
    return { layout, codec, bytes: all.slice(Number(symbol.value), Number(symbol.value) + codec.size) };
  });
}

suite.each(['bpfel', 'bpfeb'])('random structs for %s', target => {
  const cases = variables(target);

  it('read as the values they were initialized with', () => {
    for (const { layout, codec, bytes } of cases) {
      expect(decode(codec, bytes), `struct { ${layout.body} }`).toMatchObject(layout.value);
    }
  });

  it('are written back byte for byte', () => {
    for (const { layout, codec, bytes } of cases) {
      expect(encode(codec, decode(codec, bytes)), `struct { ${layout.body} }`).toEqual(bytes);
    }
  });

  it('read the same with and without code generation', () => {
    for (const { codec, bytes } of cases) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      expect(interpret(emittable(codec))(view, 0, bytes.length)).toStrictEqual(decode(codec, bytes));
    }
  });

  it('are whole as the section that holds them', () => {
    const { globals } = describe(compile(source, target, ['-g', '-Wno-everything']).bytes, 'x.bpf.o');
    const data =
      Elf.parse(compile(source, target, ['-g', '-Wno-everything']).bytes, 'x').section('.data')?.bytes ??
      expect.fail();
    const codec = globals.data ?? expect.fail();
    const values = decode(codec, data);
    expect(Object.keys(values).length).toBeGreaterThan(300);
    expect(encode(codec, values)).toEqual(data.slice());
  });
});

suite('random structs on this machine', () => {
  it('have the bytes that gcc gives them', () => {
    const print = all.map((_, i) => `show(&v${i}, sizeof(v${i}));`).join('\n');
    const show =
      'static void show(void *p, int n) { for (int i = 0; i < n; i++) printf("%02x", ((unsigned char *)p)[i]); puts(""); }';
    const lines = output(`#include <stdio.h>\n${source}\n${show}\nint main(void) { ${print} return 0; }`)
      .trim()
      .split('\n');
    const hex = variables('bpf').map(({ codec, layout }, i) => {
      const bytes = Uint8Array.from(lines[i]?.match(/../g) ?? [], byte => Number.parseInt(byte, 16));
      expect(decode(codec, bytes), layout.body).toMatchObject(layout.value);
      return Buffer.from(encode(codec, decode(codec, bytes))).toString('hex');
    });
    expect(hex).toEqual(lines);
  });
});
