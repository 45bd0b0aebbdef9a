/** Functions of a file that programs can be attached to. */
import { readFileSync } from 'node:fs';
import { Elf, loadSegments } from 'libbpf-ts/btf';

/** A function of a file, and where it begins in it. */
export interface FileFunction {
  readonly name: string;
  readonly offset: number;
}

/** STT_FUNC in <elf.h>. */
const functionType = 2;

/** Of several names of one function, the first one. */
export function functionsIn(path: string, fits: (name: string) => boolean): FileFunction[] {
  const elf = Elf.parse(readFileSync(path), path);
  const segments = loadSegments(elf).filter(({ isExecutable }) => isExecutable);
  const found = new Map<number, string>();
  for (const { name, address } of [...namedFunctions(elf), ...dynamicFunctions(elf)]) {
    const segment = segments.find(
      each => address >= each.address && address < each.address + BigInt(each.size),
    );
    if (segment === undefined || !fits(name)) continue;
    const offset = Number(address - segment.address) + segment.offset;
    if (!found.has(offset)) found.set(offset, name);
  }
  return Array.from(found, ([offset, name]) => ({ name, offset }));
}

interface Named {
  readonly name: string;
  readonly address: bigint;
}

function namedFunctions({ symbols }: Elf): Named[] {
  const functions = symbols.filter(({ type, section }) => type === functionType && section !== 0);
  return functions.map(({ name, value }) => ({ name, address: value }));
}

/** What is left of a stripped library: those that others call. `Elf64_Sym` in <elf.h> has 24 bytes. */
function dynamicFunctions(elf: Elf): Named[] {
  const [table, texts] = ['.dynsym', '.dynstr'].map(name => elf.section(name)?.bytes);
  if (table === undefined || texts === undefined) return [];
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const found: Named[] = [];
  for (let at = 0; at + 24 <= table.byteLength; at += 24) {
    const isFunction = (view.getUint8(at + 4) & 15) === functionType && view.getUint16(at + 6, true) !== 0;
    if (isFunction)
      found.push({ name: textAt(texts, view.getUint32(at, true)), address: view.getBigUint64(at + 8, true) });
  }
  return found;
}

function textAt(texts: Uint8Array, from: number): string {
  return Buffer.from(texts.subarray(from, texts.indexOf(0, from))).toString();
}
