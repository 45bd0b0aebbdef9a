/** Which helpers an object's programs call, from their instructions. */

import { decodeInsns } from '../asm/index.js';
import { Elf, symbolTypes } from '../btf/index.js';
import { requireBytes, requireText } from '../errors/arguments.js';
import { helpers } from '../kinds/helpers.js';

const instructionSize = 8;

/**
 * The helpers that an object's functions call, by function: names with `bpf_`, sorted. What a function of the object calls
 * in turn stands under its own name.
 *
 * @param name - of the object's file, for errors
 * @throws BpfError `ERR_BPF_OBJECT` for bytes that are no ELF file
 */
export function findHelperCalls(object: Uint8Array, name: string): ReadonlyMap<string, readonly string[]> {
  requireBytes('find helper calls', 'an object', object);
  requireText('find helper calls', "the object's name", name);
  const elf = Elf.parse(object, name);
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
