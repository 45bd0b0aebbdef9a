/** Versions of the functions of a library, as `GLIBC_2.2.5`. */
import type { Elf } from './elf.js';
import { type ElfSection, sectionTypes } from './elf-section.js';
import { StringTable } from './string-table.js';

/** The bit of a version that the linker takes for programs that name none. */
const hidden = 0x8000;
/** A library has some dozens; each is at least this many bytes. */
const recordSize = 20;

/** Reads `.gnu.version` and `.gnu.version_d`. */
export class SymbolVersions {
  readonly #elf: Elf;
  readonly #indices: ElfSection | undefined;
  readonly #names = new Map<number, string | undefined>();

  constructor(elf: Elf) {
    const ofType = (type: number) => elf.sections.find(section => section.type === type);
    this.#elf = elf;
    this.#indices = ofType(sectionTypes.versions);
    if (this.#indices) elf.load(this.#indices);
    const definitions = ofType(sectionTypes.versionDefinitions);
    if (this.#indices && definitions) this.#readNames(definitions);
  }

  /** The version of the symbol of that index in `dynsym`. */
  of(symbol: number): string | undefined {
    const { offset = 0, size = 0 } = this.#indices ?? {};
    if (symbol * 2 + 2 > size) return undefined;
    return this.#names.get(this.#elf.u16(offset + symbol * 2) & ~hidden);
  }

  /** A list in which each record says how far away the next one is: forwards only, so that it ends. */
  #readNames(section: ElfSection): void {
    const elf = this.#elf;
    const names = elf.sections[section.link];
    if (!names) return;
    const strings = new StringTable(elf.load(names));
    elf.load(section);
    for (let at = section.offset; at + recordSize <= section.offset + section.size; ) {
      const [auxiliary, next] = [at + elf.u32(at + 12), elf.u32(at + 16)];
      const end = section.offset + section.size;
      if (auxiliary + 4 <= end) this.#names.set(elf.u16(at + 4), strings.at(elf.u32(auxiliary)));
      if (next === 0) return;
      at += next;
    }
  }
}
