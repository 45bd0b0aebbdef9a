/** Which helpers an object's programs call, from their instructions. */
import { type Elf, symbolTypes } from '../btf/index.js';
import { helpers } from '../kinds/helpers.js';

/** `BPF_JMP | BPF_CALL`, with source register 0 for a helper. */
const call = 0x85;
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
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const found = new Set<string>();
  for (let at = 0; at + instructionSize <= code.length; at += instructionSize) {
    const registers = view.getUint8(at + 1);
    const source = littleEndian ? registers >> 4 : registers & 15;
    const helper = helpers[view.getInt32(at + 4, littleEndian) - 1];
    if (view.getUint8(at) === call && source === 0 && helper !== undefined) found.add(`bpf_${helper.name}`);
  }
  return [...found].sort();
}
