/** An ELF file: its header and sections, every offset checked against the file. Both byte orders, 32 and 64 bit. */
import { identifyFile } from './elf-identity.js';
import { type ElfSection, type PartialFile, sectionTypes } from './elf-section.js';
import { type ElfSymbol, readSymbols } from './elf-symbols.js';
import { malformedElf } from './malformed.js';
import { StringTable } from './string-table.js';

type RawSection = Omit<ElfSection, 'name'> & { readonly nameOffset: number };

/** A parsed ELF file. Sections are read at once, symbols when first asked for. */
export class Elf {
  readonly bytes: Uint8Array;
  /** What errors call this file: `x.bpf.o`. */
  readonly subject: string;
  readonly littleEndian: boolean;
  readonly is64: boolean;
  /** `e_type`: 1 relocatable, 2 executable, 3 shared, 4 core. */
  readonly type: number;
  /** `e_machine`: 247 is BPF. */
  readonly machine: number;
  readonly sections: readonly ElfSection[];
  readonly #view: DataView;
  readonly #part: PartialFile | undefined;
  #symbols: readonly ElfSymbol[] | undefined;

  private constructor(bytes: Uint8Array, subject: string, part?: PartialFile) {
    this.bytes = bytes;
    this.subject = subject;
    this.#part = part;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    part?.fill(0, Math.min(512, bytes.length));
    identifyFile(bytes, subject, part?.hint);
    this.is64 = bytes[4] === 2;
    this.littleEndian = bytes[5] === 1;
    this.range(0, this.is64 ? 64 : 52, 'the ELF header');
    this.type = this.u16(16);
    this.machine = this.u16(18);
    this.sections = this.#readSections();
  }

  /**
   * Reads the header and the section table.
   *
   * @param subject - what errors call the file: its name
   * @param part - where the bytes are not there yet: {@link load} brings those of a section
   * @throws BpfError `ERR_BPF_ELF` that says what the file is instead, or what is wrong at which offset
   */
  static parse(bytes: Uint8Array, subject: string, part?: PartialFile): Elf {
    return new Elf(bytes, subject, part);
  }

  /** The bytes of a section, which are read now where the file is read in parts. */
  load({ bytes, offset }: Pick<ElfSection, 'bytes' | 'offset'>): Uint8Array {
    if (bytes.length > 0) this.#part?.fill(offset, bytes.length);
    return bytes;
  }

  /** The first section of that name. */
  section(name: string): ElfSection | undefined {
    return this.sections.find(section => section.name === name);
  }

  /** The symbol table; empty when the file is stripped. */
  get symbols(): readonly ElfSymbol[] {
    this.#symbols ??= readSymbols(this);
    return this.#symbols;
  }

  /** @internal Reads a 16-bit field; the caller has checked its range. */
  u16(offset: number): number {
    return this.#view.getUint16(offset, this.littleEndian);
  }

  /** @internal Reads a 32-bit field; the caller has checked its range. */
  u32(offset: number): number {
    return this.#view.getUint32(offset, this.littleEndian);
  }

  /** @internal Reads a field of the file's own word size; the caller has checked its range. */
  word(offset: number): bigint {
    return this.is64 ? this.#view.getBigUint64(offset, this.littleEndian) : BigInt(this.u32(offset));
  }

  /** @internal Checks that `size` bytes at `offset` are in the file, and gives them. */
  range(offset: number | bigint, size: number | bigint, what: string): Uint8Array {
    const room = this.bytes.length;
    if (BigInt(offset) + BigInt(size) > BigInt(room)) {
      const wanted = `${what} needs ${size} bytes at offset ${offset}`;
      const hint = 'the file is truncated or damaged; build it again';
      throw malformedElf(this.subject, `${wanted}, but the file has ${room} bytes`, hint);
    }
    return this.bytes.subarray(Number(offset), Number(offset) + Number(size));
  }

  #readSections(): readonly ElfSection[] {
    const table = this.word(this.is64 ? 40 : 32);
    if (table === 0n) return [];
    const at = this.is64 ? 58 : 46;
    const entrySize = this.#sectionEntrySize(at);
    this.loadRange(table, entrySize, 'the section table');
    const first = this.#readSection(Number(table), 0);
    // Objects of 65,280 sections and more keep the two counts in the first header.
    const count = this.u16(at + 2) || first.size;
    const names = this.u16(at + 4) === 0xffff ? first.link : this.u16(at + 4);
    this.loadRange(table, count * entrySize, 'the section table');
    const raw = Array.from({ length: count }, (_, i) => this.#readSection(Number(table) + i * entrySize, i));
    return this.#named(raw, names);
  }

  /** @internal Checks that `size` bytes at `offset` are in the file, and reads them where it is read in parts. */
  loadRange(offset: bigint, size: number, what: string): void {
    this.range(offset, BigInt(size), what);
    this.#part?.fill(Number(offset), size);
  }

  #sectionEntrySize(at: number): number {
    const [size, least] = [this.u16(at), this.is64 ? 64 : 40];
    if (size >= least) return size;
    throw malformedElf(
      this.subject,
      `section headers of ${size} bytes at offset ${at}, at least ${least} expected`,
    );
  }

  #readSection(at: number, index: number): RawSection {
    const word = this.is64 ? 8 : 4;
    const field = (n: number) => this.word(at + 8 + n * word);
    const type = this.u32(at + 4);
    const [offset, size] = [field(2), field(3)];
    const stored = type !== sectionTypes.null && type !== sectionTypes.nobits;
    const bytes = stored ? this.range(offset, size, `section ${index}`) : this.bytes.subarray(0, 0);
    const links = at + 8 + 4 * word;
    return {
      index,
      nameOffset: this.u32(at),
      type,
      flags: Number(BigInt.asUintN(32, field(0))),
      address: field(1),
      offset: Number(offset),
      size: Number(size),
      link: this.u32(links),
      info: this.u32(links + 4),
      alignment: Number(this.word(links + 8)),
      entrySize: Number(this.word(links + 8 + word)),
      bytes,
    };
  }

  #named(sections: readonly RawSection[], namesIndex: number): readonly ElfSection[] {
    if (sections.length === 0) return [];
    const names = sections[namesIndex];
    if (!names) {
      throw malformedElf(
        this.subject,
        `section names in section ${namesIndex}, of ${sections.length} sections`,
      );
    }
    const strings = new StringTable(this.load(names));
    return sections.map(({ nameOffset, ...section }) => ({
      ...section,
      name: this.string(strings, nameOffset, `section ${section.index}`),
    }));
  }

  /** @internal A name from a string table, or the error that says whose name is not there. */
  string(strings: StringTable, offset: number, owner: string): string {
    if (offset === 0) return '';
    const text = strings.at(offset);
    if (text !== undefined) return text;
    throw malformedElf(
      this.subject,
      `the name of ${owner} at offset ${offset} of a ${strings.size}-byte string table`,
    );
  }
}
