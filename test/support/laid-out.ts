/** Random structs as compilers laid them out, and what our codecs make of their bytes. */
import { expect } from 'vitest';
import { Btf, Elf } from '../../lib/btf/index.js';
import { type Codec, codecOf, decode, encode } from '../../lib/codec/index.js';
import { emittable } from '../../lib/codec/inline.js';
import { interpretReader } from '../../lib/codec/reader.js';
import { interpretWriter } from '../../lib/codec/writer.js';
import { compile, output } from './clang.js';
import { type Layout, sourceOf } from './layouts.js';

/** One variable: what it was told to hold, and its bytes. */
export interface Variable {
  readonly layout: Layout;
  readonly codec: Codec<object>;
  readonly bytes: Uint8Array;
}

/** Each struct's variable in an object for one of clang's targets. */
export function variables(all: readonly Layout[], target: string): Variable[] {
  const elf = Elf.parse(compile(sourceOf(all), target, ['-g', '-Wno-everything']).bytes, 'x.bpf.o');
  const btf = Btf.fromElf(elf);
  const symbols = new Map(elf.symbols.map(symbol => [symbol.name, symbol]));
  return all.map((layout, i) => {
    const symbol = symbols.get(`v${i}`) ?? expect.fail();
    const section = elf.sections[symbol.section] ?? expect.fail();
    const type = btf.get(`struct s${i}`);
    const codec = codecOf(btf, type.id) as Codec<object>;
    // A section of zeros alone has no bytes in the file.
    const whole = section.bytes.length === 0 ? new Uint8Array(section.size) : section.bytes;
    const tail = layout.tail ? type.member('tail').offset + layout.tail.length * 2 : 0;
    const start = Number(symbol.value);
    return { layout, codec, bytes: whole.slice(start, start + Math.max(codec.size, tail)) };
  });
}

/** The value is the one that it was initialized with. */
export function expectValue({ layout, codec, bytes }: Variable): void {
  const value = decode(codec, bytes) as { tail?: number[] };
  expect(value, `struct { ${layout.body} }`).toMatchObject(layout.value);
  // Padding behind a short tail reads as more of it.
  if (layout.tail) expect(value.tail?.slice(0, layout.tail.length)).toEqual(layout.tail);
}

/** Written back, the value has the same bytes, padding included. */
export function expectBytes({ layout, codec, bytes }: Variable): void {
  expect(Buffer.from(encode(codec, decode(codec, bytes))).toString('hex'), `struct { ${layout.body} }`).toBe(
    Buffer.from(bytes).toString('hex'),
  );
}

/** Without code generation the value is the same, and the bytes that it is written to, whatever was there before. */
export function expectSame({ codec, bytes }: Variable): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const written = new Uint8Array(bytes.length).fill(0xa5);
  interpretWriter(emittable(codec))(new DataView(written.buffer), 0, decode(codec, bytes));
  const emitted = new Uint8Array(bytes.length).fill(0xa5);
  codec.write(new DataView(emitted.buffer), 0, decode(codec, bytes));
  expect(Buffer.from(written).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
  expect(emitted).toEqual(written);
  expect(interpretReader(emittable(codec))(view, 0, bytes.length)).toStrictEqual(decode(codec, bytes));
}

/** Whatever stands in place of a member, both writers agree; answers how many of them were refused. */
export function expectSameWritten({ codec, bytes }: Variable, wrong: unknown): number {
  const value = decode(codec, bytes);
  const interpreted = interpretWriter(emittable(codec));
  const outcome = (write: Codec<object>['write'], given: object) => {
    const written = new Uint8Array(bytes.length).fill(0xa5);
    try {
      write(new DataView(written.buffer), 0, given);
      return Buffer.from(written).toString('hex');
    } catch (error) {
      return (error as Error).message;
    }
  };
  const outcomes = Object.keys(value).map(name => {
    const given = { ...value, [name]: wrong };
    expect(outcome(codec.write, given), name).toBe(outcome(interpreted, given));
    return outcome(interpreted, given);
  });
  return outcomes.filter(text => text.startsWith('write ')).length;
}

/** The same variables with the bytes that gcc gives them on this machine. */
export function gccVariables(all: readonly Layout[]): Variable[] {
  const print = all.map((_, i) => `show(&v${i}, sizeof(v${i}));`).join('\n');
  const show =
    'static void show(void *p, int n) { for (int i = 0; i < n; i++) printf("%02x", ((unsigned char *)p)[i]); puts(""); }';
  const program = `#include <stdio.h>\n${sourceOf(all)}\n${show}\nint main(void) { ${print} return 0; }`;
  const lines = output(program).trim().split('\n');
  return variables(all, 'bpf').map((variable, i) => {
    const bytes = Uint8Array.from(lines[i]?.match(/../g) ?? [], byte => Number.parseInt(byte, 16));
    return { ...variable, bytes };
  });
}
