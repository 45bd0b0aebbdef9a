/** A relocatable ELF file for BPF, written section by section. */

/** `sh_type` and `sh_flags` of what a section holds. */
const contents = {
  code: { type: 1, flags: 6 },
  data: { type: 1, flags: 3 },
  plain: { type: 1, flags: 0 },
  relocations: { type: 9, flags: 0x40 },
  symbols: { type: 2, flags: 0 },
  names: { type: 3, flags: 0 },
} as const;

interface Section {
  readonly name: string;
  readonly holds: keyof typeof contents;
  bytes: Uint8Array;
  readonly link: number;
  readonly info: number;
  readonly entrySize: number;
}

interface Relocation {
  readonly offset: number;
  readonly symbol: number;
  readonly kind: number;
}

const bpfMachine = 247;
const headerSize = 64;
const sectionHeaderSize = 64;
const symbolSize = 24;
const relocationSize = 16;
/** `STB_GLOBAL` and `STT_FUNC`. */
const globalFunction = 0x12;

/** Collects sections, symbols of functions and relocations; the first section has number 1. */
export class ElfWriter {
  readonly #littleEndian: boolean;
  readonly #sections: Section[] = [];
  readonly #symbols: { name: string; section: number; value: number; size: number }[] = [];
  readonly #relocations = new Map<number, Relocation[]>();

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }

  /** Adds a section; answers its number. */
  section(
    name: string,
    holds: keyof typeof contents,
    bytes: Uint8Array,
    table: Partial<Section> = {},
  ): number {
    return this.#sections.push({ link: 0, info: 0, entrySize: 0, ...table, name, holds, bytes });
  }

  /** Gives a section its bytes. */
  fill(section: number, bytes: Uint8Array): void {
    const found = this.#sections[section - 1];
    if (found !== undefined) found.bytes = bytes;
  }

  /** Adds a function; answers its symbol's number. */
  symbol(name: string, section: number, value: number, size: number): number {
    return this.#symbols.push({ name, section, value, size });
  }

  relocate(section: number, offset: number, symbol: number, kind: number): void {
    this.#relocations.set(section, [...(this.#relocations.get(section) ?? []), { offset, symbol, kind }]);
  }

  /** The file: its header, the sections, the table of them. */
  bytes(): Uint8Array {
    const names = new Names();
    const symbols = this.#symbolTable(names);
    this.#relocationTables(symbols);
    const strings = this.section('.strtab', 'names', new Uint8Array());
    const placed = this.#place(names);
    this.fill(strings, names.bytes());
    return this.#file(placed, strings);
  }

  #symbolTable(names: Names): number {
    const bytes = new Uint8Array((this.#symbols.length + 1) * symbolSize);
    const view = new DataView(bytes.buffer);
    this.#symbols.forEach(({ name, section, value, size }, at) => {
      const start = (at + 1) * symbolSize;
      view.setUint32(start, names.add(name), this.#littleEndian);
      view.setUint8(start + 4, globalFunction);
      view.setUint16(start + 6, section, this.#littleEndian);
      view.setBigUint64(start + 8, BigInt(value), this.#littleEndian);
      view.setBigUint64(start + 16, BigInt(size), this.#littleEndian);
    });
    const strings = this.#sections.length + 2 + this.#relocations.size;
    const table = { link: strings, info: 1, entrySize: symbolSize };
    return this.section('.symtab', 'symbols', bytes, table);
  }

  #relocationTables(symbols: number): void {
    for (const [section, relocations] of this.#relocations) {
      const bytes = new Uint8Array(relocations.length * relocationSize);
      const view = new DataView(bytes.buffer);
      relocations.forEach(({ offset, symbol, kind }, at) => {
        view.setBigUint64(at * relocationSize, BigInt(offset), this.#littleEndian);
        view.setBigUint64(
          at * relocationSize + 8,
          (BigInt(symbol) << 32n) | BigInt(kind),
          this.#littleEndian,
        );
      });
      const table = { link: symbols, info: section, entrySize: relocationSize };
      this.section(`.rel${this.#sections[section - 1]?.name}`, 'relocations', bytes, table);
    }
  }

  /** Names are all taken before their own section gets its bytes. */
  #place(names: Names): { readonly section: Section; readonly name: number }[] {
    return this.#sections.map(section => ({ section, name: names.add(section.name) }));
  }

  #file(placed: readonly { section: Section; name: number }[], strings: number): Uint8Array {
    const starts: number[] = [];
    let end = headerSize;
    for (const { section } of placed) {
      starts.push(end);
      end = Math.ceil((end + section.bytes.length) / 8) * 8;
    }
    const bytes = new Uint8Array(end + (placed.length + 1) * sectionHeaderSize);
    const view = new DataView(bytes.buffer);
    this.#header(view, end, placed.length + 1, strings);
    placed.forEach(({ section, name }, at) => {
      bytes.set(section.bytes, starts[at]);
      this.#sectionHeader(view, end + (at + 1) * sectionHeaderSize, section, name, starts[at] ?? 0);
    });
    return bytes;
  }

  #header(view: DataView, table: number, count: number, strings: number): void {
    [0x7f, 0x45, 0x4c, 0x46, 2, this.#littleEndian ? 1 : 2, 1].forEach((byte, at) => {
      view.setUint8(at, byte);
    });
    const half = (at: number, value: number) => view.setUint16(at, value, this.#littleEndian);
    half(16, 1);
    half(18, bpfMachine);
    view.setUint32(20, 1, this.#littleEndian);
    view.setBigUint64(40, BigInt(table), this.#littleEndian);
    half(52, headerSize);
    half(58, sectionHeaderSize);
    half(60, count);
    half(62, strings);
  }

  #sectionHeader(view: DataView, at: number, section: Section, name: number, start: number): void {
    const { type, flags } = contents[section.holds];
    const word = (offset: number, value: number) => view.setUint32(at + offset, value, this.#littleEndian);
    const long = (offset: number, value: number) =>
      view.setBigUint64(at + offset, BigInt(value), this.#littleEndian);
    word(0, name);
    word(4, type);
    long(8, flags);
    long(24, start);
    long(32, section.bytes.length);
    word(40, section.link);
    word(44, section.info);
    long(48, 8);
    long(56, section.entrySize);
  }
}

/** Texts that end in a NUL, each once. */
class Names {
  readonly #offsets = new Map<string, number>([['', 0]]);
  #text = '\0';

  add(name: string): number {
    const known = this.#offsets.get(name);
    if (known !== undefined) return known;
    const offset = new TextEncoder().encode(this.#text).length;
    this.#offsets.set(name, offset);
    this.#text += `${name}\0`;
    return offset;
  }

  bytes(): Uint8Array {
    return new TextEncoder().encode(this.#text);
  }
}
