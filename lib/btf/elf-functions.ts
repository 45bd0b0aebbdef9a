/** Functions of programs and libraries, and where in the file they are: what a uprobe is put on. */
import type { Elf } from './elf.js';
import { type ElfSection, sectionTypes } from './elf-section.js';
import { symbolTypes } from './elf-symbols.js';
import { malformedElf } from './malformed.js';
import { SymbolVersions } from './symbol-versions.js';

/** The largest table that is read: some forty million symbols. */
const largestTable = 1 << 30;

/** One function symbol, of those that are defined in the file. */
export interface FunctionSymbol {
  /** Of the symbol in its table. */
  readonly index: number;
  /** Where its name starts among the table's names. */
  readonly name: number;
  /** From the start of the file, in bytes. */
  readonly offset: bigint;
  readonly isWeak: boolean;
}

/** The function symbols of one symbol table. */
export class FunctionTable {
  readonly #elf: Elf;
  readonly #table: ElfSection;
  readonly #names: Uint8Array;
  #versions: SymbolVersions | undefined;

  private constructor(elf: Elf, table: ElfSection) {
    const names = elf.sections[table.link];
    if (!names)
      throw malformedElf(elf.subject, `symbol names in section ${table.link}, of ${elf.sections.length}`);
    requireTable(elf, table);
    requireSize(elf, names);
    this.#elf = elf;
    this.#table = table;
    this.#names = elf.load(names);
    elf.load(table);
  }

  /** The table of that type; undefined where the file was stripped of it. */
  static of(elf: Elf, type: 'symtab' | 'dynsym'): FunctionTable | undefined {
    const table = elf.sections.find(section => section.type === sectionTypes[type]);
    return table && new FunctionTable(elf, table);
  }

  /** Every defined function in the table's order. */
  *[Symbol.iterator](): Generator<FunctionSymbol> {
    const [elf, { offset, size, entrySize }] = [this.#elf, this.#table];
    const infoAt = elf.is64 ? 4 : 12;
    const bytes = elf.bytes;
    for (let at = offset, index = 0; at + entrySize <= offset + size; at += entrySize, index++) {
      const info = bytes[at + infoAt] ?? 0;
      const section = elf.sections[elf.u16(at + infoAt + 2)];
      if ((info & 15) !== symbolTypes.function || !section || section.index === 0) continue;
      const value = elf.word(at + (elf.is64 ? 8 : 4));
      const place = BigInt.asUintN(64, value - section.address + BigInt(section.offset));
      yield { index, name: elf.u32(at), offset: place, isWeak: info >> 4 === 2 };
    }
  }

  /** The name of a symbol. */
  text({ name }: FunctionSymbol): string {
    const end = this.#names.indexOf(0, name);
    return decoder.decode(this.#names.subarray(name, end < 0 ? undefined : end));
  }

  /** True where the name starts with these bytes; what follows is `behind`, 0 at the end. */
  startsWith({ name }: FunctionSymbol, bytes: Uint8Array): { readonly behind: number } | undefined {
    for (let i = 0; i < bytes.length; i++) if (this.#names[name + i] !== bytes[i]) return undefined;
    return { behind: this.#names[name + bytes.length] ?? 0 };
  }

  /** The version of a symbol of `dynsym`, as `GLIBC_2.2.5`; undefined where it has none. */
  version({ index }: FunctionSymbol): string | undefined {
    this.#versions ??= new SymbolVersions(this.#elf);
    return this.#versions.of(index);
  }
}

const decoder = new TextDecoder('latin1');

function requireTable(elf: Elf, table: ElfSection): void {
  const expected = elf.is64 ? 24 : 16;
  if (table.entrySize !== expected)
    throw malformedElf(
      elf.subject,
      `symbols of ${table.entrySize} bytes in section ${table.index}, ${expected} expected`,
    );
  requireSize(elf, table);
}

function requireSize(elf: Elf, { index, size }: ElfSection): void {
  if (size <= largestTable) return;
  throw malformedElf(
    elf.subject,
    `section ${index} with symbols has ${size} bytes, ${largestTable} are read`,
  );
}
