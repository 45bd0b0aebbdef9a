/** Which helpers an object's programs call, from their instructions. */

import { decodeInsns } from '../asm/index.js';
import { type Elf, symbolTypes } from '../btf/index.js';
import { helpers } from '../kinds/helpers.js';

const instructionSize = 8;

/** Helpers with `bpf_`, sorted, by function; what the functions it calls do in turn is under their names. */
export function helpersIn(elf: Elf): ReadonlyMap<string, readonly string[]> {
  const functions = elf.symbols.filter(({ type }) => type === symbolTypes.function);
  return new Map(
    functions.map(({ name, section, value, size }) => {
      const start = Number(value);
      const code = elf.sections[section]?.bytes.subarray(start, start + Number(size)) ?? new Uint8Array();
      return [name, calledIn(code, elf.littleEndian)];
    }),
  );
}

function calledIn(code: Uint8Array, littleEndian: boolean): string[] {
  const whole = code.subarray(0, code.length - (code.length % instructionSize));
  const calls = decodeInsns(whole, littleEndian).filter(({ kind }) => kind === 'helper');
  const names = calls.flatMap(({ imm }) => helpers[imm - 1]?.name ?? []);
  return [...new Set(names.map(name => `bpf_${name}`))].sort();
}
