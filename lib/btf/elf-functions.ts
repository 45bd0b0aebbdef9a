/** Functions of programs and libraries, and where in the file they are: what a uprobe is put on. */
import type { Elf } from './elf.js';
import { type ElfSection, sectionTypes } from './elf-section.js';
import { symbolTypes } from './elf-symbols.js';
import { malformedElf } from './malformed.js';
import { SymbolVersions } from './symbol-versions.js';

/** The largest table that is read: some forty million symbols. */
const largestTable = 1 << 30;

/** One function symbol, of those that are defined in the file; a program has hundreds of thousands. */
export class FunctionSymbol {
  /** Of the symbol in its table. */
  readonly index: number;
  /** Where its name starts among the table's names. */
  readonly name: number;
  readonly isWeak: boolean;
  readonly #elf: Elf;
  readonly #at: number;
  readonly #section: ElfSection;

  constructor(elf: Elf, at: number, index: number, section: ElfSection) {
    this.#elf = elf;
    this.#at = at;
    this.#section = section;
    this.index = index;
    this.name = elf.u32(at);
    this.isWeak = (elf.bytes[at + (elf.is64 ? 4 : 12)] ?? 0) >> 4 === weak;
  }

  /** From the start of the file, in bytes. */
  get offset(): bigint {
    const value = this.#elf.word(this.#at + (this.#elf.is64 ? 8 : 4));
    return BigInt.asUintN(64, value - this.#section.address + BigInt(this.#section.offset));
  }
}

/** `STB_WEAK`. */
const weak = 2;

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
      yield new FunctionSymbol(elf, at, index, section);
    }
  }

  /** The name of a symbol, a character for each of its bytes. */
  text({ name }: FunctionSymbol): string {
    const end = this.#names.indexOf(0, name);
    return decoder.decode(this.#names.subarray(name, end < 0 ? undefined : end));
  }

  /** Of a symbol's name, as {@link hashOf} of a text: equal for equal names. */
  hash({ name }: FunctionSymbol): number {
    return hashAt(this.#names, name);
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

/** The hash of a name. */
export function hashOf(text: string): number {
  return hashAt(new TextEncoder().encode(`${text}\0`), 0);
}

/** FNV-1a over the bytes up to a NUL. */
function hashAt(bytes: Uint8Array, start: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < bytes.length && bytes[at] !== 0; at++)
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash;
}

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
