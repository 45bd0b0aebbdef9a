/** The symbol table of an ELF file. */
import type { Elf } from './elf.js';
import { type ElfSection, sectionTypes } from './elf-section.js';
import { malformedElf } from './malformed.js';
import { StringTable } from './string-table.js';

/** One symbol. */
export interface ElfSymbol {
  readonly name: string;
  /** In a relocatable file: the offset in its section. */
  readonly value: bigint;
  readonly size: bigint;
  /** `STT_*`: 0 none, 1 data object, 2 function, 3 section, 4 file. */
  readonly type: number;
  /** `STB_*`: 0 local, 1 global, 2 weak. */
  readonly binding: number;
  /** `STV_*`: 0 default, 1 internal, 2 hidden, 3 protected. */
  readonly visibility: number;
  /** Index of its section; 0 for one that is defined elsewhere. */
  readonly section: number;
}

/** `STT_OBJECT`, `STT_FUNC` and `STT_SECTION` of {@link ElfSymbol.type}. */
export const symbolTypes = { object: 1, function: 2, section: 3 } as const;

/** @internal Reads all symbols of a file. */
export function readSymbols(elf: Elf): readonly ElfSymbol[] {
  const table = elf.sections.find(section => section.type === sectionTypes.symtab);
  if (!table) return [];
  const names = elf.sections[table.link];
  if (!names) {
    throw malformedElf(
      elf.subject,
      `symbol names in section ${table.link}, of ${elf.sections.length} sections`,
    );
  }
  const strings = new StringTable(names.bytes);
  const entrySize = symbolSize(elf, table);
  const count = Math.floor(table.size / entrySize);
  return Array.from({ length: count }, (_, i) => readSymbol(elf, table.offset + i * entrySize, strings, i));
}

function symbolSize(elf: Elf, table: ElfSection): number {
  const size = elf.is64 ? 24 : 16;
  if (table.entrySize === size) return size;
  const found = `symbols of ${table.entrySize} bytes in section ${table.index}`;
  throw malformedElf(elf.subject, `${found} at offset ${table.offset}, ${size} expected`);
}

function readSymbol(elf: Elf, at: number, strings: StringTable, index: number): ElfSymbol {
  const info = at + (elf.is64 ? 4 : 12);
  const value = at + (elf.is64 ? 8 : 4);
  const kind = elf.bytes[info] ?? 0;
  return {
    name: elf.string(strings, elf.u32(at), `symbol ${index}`),
    value: elf.word(value),
    size: elf.word(value + (elf.is64 ? 8 : 4)),
    type: kind & 15,
    binding: kind >> 4,
    visibility: (elf.bytes[info + 1] ?? 0) & 3,
    section: elf.u16(info + 2),
  };
}
