/** BTF put together word by word, with what clang 14 does not write: ENUM64, and bitfields of the old form. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-kinds-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let count = 0;

const flag = 1 << 31;
const info = (kind: number, vlen = 0, kindFlag = 0) => (kindFlag | (kind << 24) | vlen) >>> 0;

/**
 * Raw BTF of one byte order; a split one when there is a base.
 *
 * @param first - id of the first type
 * @param base - bytes of the base, after whose strings its own are counted
 */
export function kinds(
  littleEndian: boolean,
  first = 1,
  base?: Uint8Array,
): { bytes: Uint8Array; path: string } {
  const strings = ['\0'];
  // The length of the strings is in the header.
  const start = base ? new DataView(base.buffer, base.byteOffset).getUint32(20, littleEndian) : 0;
  const s = (name: string) => {
    const offset = start + strings.join('').length;
    strings.push(`${name}\0`);
    return offset;
  };
  const words = [
    // int, then a pointer to it
    [s('int'), info(1), 4, (1 << 24) | 32],
    [0, info(2), first],
    // an int of 3 bits for bitfields of the old form, and a struct of them
    [s('int'), info(1), 4, (1 << 24) | 3],
    [s('old'), info(4, 2), 4, s('a'), first + 2, 0, s('b'), first + 2, 3],
    // the new form
    [s('new'), info(4, 2, flag), 8, s('x'), first, (5 << 24) | 3, s('y'), first, 32],
    [s('wide'), info(19, 2, flag), 8, s('LEAST'), 0, 0x80000000, s('MOST'), 0xffffffff, 0x7fffffff],
    [s('attribute'), info(18, 0, 0), first],
    [s('tag'), info(17), first + 3, 1],
    [s('enum_of_module'), info(6, 1, flag), 4, s('MINUS'), 0xffffffff],
  ].flat();
  const bytes = assemble(words, strings.join(''), littleEndian);
  const path = join(folder, `kinds${count++}.btf`);
  writeFileSync(path, bytes);
  return { bytes, path };
}

/** A header, the words, the strings. */
export function assemble(words: readonly number[], strings: string, littleEndian = true): Uint8Array {
  const text = new TextEncoder().encode(strings);
  const view = new DataView(new ArrayBuffer(24 + words.length * 4 + text.length));
  view.setUint16(0, 0xeb9f, littleEndian);
  view.setUint8(2, 1);
  const header = [24, 0, words.length * 4, words.length * 4, text.length];
  for (const [i, word] of [...header, ...words].entries()) view.setUint32(4 + i * 4, word, littleEndian);
  const bytes = new Uint8Array(view.buffer);
  bytes.set(text, 24 + words.length * 4);
  return bytes;
}
