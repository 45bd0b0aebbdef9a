/** Values with no generated code: what they say as C text, clang compiles to the same bytes; JSON and back. */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Btf, Elf } from '../../../lib/btf/index.js';
import { CValue } from '../../../lib/codec/index.js';
import { compile } from '../../support/clang.js';
import { layouts, sourceOf } from '../../support/layouts.js';

const all = fc.sample(layouts, { numRuns: 120, seed: 5 });
const source = sourceOf(all);
const object = compile(source, 'bpf', ['-g', '-Wno-everything']);
const elf = Elf.parse(object.bytes, 'x.bpf.o');
const btf = Btf.fromElf(elf);

const values = all.map((_, i) => {
  const symbol = elf.symbols.find(({ name }) => name === `v${i}`) ?? expect.fail();
  const section = elf.sections[symbol.section] ?? expect.fail();
  const bytes = section.bytes.length === 0 ? new Uint8Array(section.size) : section.bytes;
  const start = Number(symbol.value);
  return new CValue(btf.get(`struct s${i}`), bytes.slice(start, start + btf.get(`struct s${i}`).size));
});

describe('a value', () => {
  it('is given back by its JSON, byte for byte', () => {
    for (const value of values) {
      const text = JSON.stringify(value);
      expect(CValue.fromJSON(value.type, text).bytes, text).toEqual(value.bytes);
    }
  });

  it('is given back by its C text, compiled by clang', () => {
    // Text that is not UTF-8 and unions are not whole in C text; these structs have only the first member of unions.
    const plain = values.filter(value => !/word|\\u|[^ -~\n]/.test(value.toString()));
    expect(plain.length).toBeGreaterThan(40);
    const types = all.map(({ body, attribute }, i) => `struct s${i} { ${body} } ${attribute};`).join('\n');
    const variables = plain.map((value, i) => {
      const initializer = value
        .toString()
        .replace(/^\(.*?\) /, '')
        .replace(/= (0x[\da-f]+)/g, '= (void *)$1ull');
      return `${value.type.cName} again${i} = ${initializer};`;
    });
    const again = compile(
      `enum state { IDLE, BUSY = 5 };\n#define true 1\n#define false 0\n${types}\n${variables.join('\n')}`,
      'bpf',
      ['-g', '-Wno-everything'],
    );
    const file = Elf.parse(again.bytes, 'again.o');
    plain.forEach((value, i) => {
      const symbol = file.symbols.find(({ name }) => name === `again${i}`) ?? expect.fail();
      const section = file.sections[symbol.section] ?? expect.fail();
      const bytes = section.bytes.length === 0 ? new Uint8Array(section.size) : section.bytes;
      const start = Number(symbol.value);
      expect(bytes.slice(start, start + value.bytes.length), value.toString()).toEqual(value.bytes);
    });
  });

  it('prints as C does', () => {
    const text = `struct p { int x; char name[8]; void *at; enum { A, B } e; unsigned char raw[2]; } p = { -1, "n\\"", (void *)255, 1, { 1, 2 } };`;
    const file = Elf.parse(compile(text).bytes, 'x.bpf.o');
    const value = new CValue(
      Btf.fromElf(file).get('struct p'),
      file.section('.data')?.bytes ?? expect.fail(),
    );
    const expected = '(struct p) { .x = -1, .name = "n\\"", .at = 0xff, .e = B, .raw = { 0x01, 0x02 } }';
    expect(inspect(value)).toBe(expected);
    expect(`${value}`).toBe(expected);
    expect(CValue.of(value.type, { ...value.value, x: 7 }).value.x).toBe(7);
  });

  it('refuses too few bytes, and what is no type', () => {
    const type = btf.get('struct s0');
    expect(() => new CValue(type, new Uint8Array(0))).toThrow(/ERR_BPF_RECORD, needs \d+ bytes, got 0/);
    // biome-ignore lint/suspicious/noExplicitAny: a wrong argument on purpose
    expect(() => new CValue('struct s0' as any, new Uint8Array(0))).toThrow(
      /ERR_BPF_ARGUMENT, a value has a type/,
    );
  });
});
