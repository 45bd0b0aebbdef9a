/** Functions of one program or library, by where they are in the file. */
import type { FileHandle } from 'node:fs/promises';
import { Elf, type ElfSection, type ElfSegment, loadSegments, readElf, sectionTypes } from '../doors/btf.js';
import { AddressRanges } from './address-ranges.js';
import { type DebugLink, readBuildId, readDebugLink } from './debug-link.js';
import type { FoundSymbol } from './found-symbol.js';
import { readSymbolColumns, type SymbolColumns } from './symbol-columns.js';

/** Opens the file that the symbols of a stripped one were kept in; undefined where there is none. */
export type OpenDebugFile = (link: DebugLink) => Promise<FileHandle | undefined>;

/** The symbols of a file, in memory for as long as this is. */
export class FileSymbols {
  /** As hexadecimal digits; undefined where the linker gave it none. */
  readonly buildId: string | undefined;
  readonly #segments: readonly ElfSegment[];
  readonly #columns: SymbolColumns;
  readonly #ranges: AddressRanges;

  private constructor(elf: Elf, columns: SymbolColumns) {
    this.buildId = readBuildId(elf);
    this.#segments = loadSegments(elf);
    this.#columns = columns;
    this.#ranges = AddressRanges.of(columns);
  }

  /**
   * Reads a file's table of symbols, or that of its debug file, or what it exports.
   *
   * @throws BpfError `ERR_BPF_ELF` where it is no ELF file, or is damaged.
   */
  static async read(handle: FileHandle, subject: string, openDebug?: OpenDebugFile): Promise<FileSymbols> {
    const elf = readElf(handle.fd, subject);
    const bytes = (section: ElfSection) => bytesOf(handle, section);
    const columns =
      (await columnsOf(elf, sectionTypes.symtab, bytes)) ??
      (await debugColumns(elf, subject, openDebug)) ??
      (await columnsOf(elf, sectionTypes.dynsym, bytes));
    return new FileSymbols(elf, columns ?? noColumns);
  }

  /** The same of a file that is in memory whole. @throws BpfError `ERR_BPF_ELF` */
  static async of(image: Uint8Array, subject: string): Promise<FileSymbols> {
    const elf = Elf.parse(image, subject);
    const bytes = async (section: ElfSection) => section.bytes;
    const columns = await columnsOf(elf, sectionTypes.symtab, bytes);
    return new FileSymbols(elf, columns ?? (await columnsOf(elf, sectionTypes.dynsym, bytes)) ?? noColumns);
  }

  /** In bytes, of what this keeps. */
  get size(): number {
    return this.#ranges.size + this.#columns.names.byteLength + this.#columns.count * columnSize;
  }

  /** The function at an offset in the file. */
  find(offset: bigint): FoundSymbol | undefined {
    const address = this.#addressOf(Number(offset));
    return address === undefined ? undefined : this.findAddress(address);
  }

  /** The function at an address that the file was linked for, as `nm` shows it. */
  findAddress(address: number): FoundSymbol | undefined {
    const index = this.#ranges.find(address);
    if (index < 0) return undefined;
    return { name: this.#nameOf(index), offset: address - (this.#columns.starts[index] ?? 0) };
  }

  #addressOf(offset: number): number | undefined {
    const segment = this.#segments.find(each => each.offset <= offset && offset < each.offset + each.size);
    return segment && offset - segment.offset + Number(segment.address);
  }

  #nameOf(index: number): string {
    const { names, nameStarts } = this.#columns;
    const start = nameStarts[index] ?? 0;
    const end = names.indexOf(0, start);
    return utf8.decode(names.subarray(start, end < 0 ? undefined : end));
  }
}

const utf8 = new TextDecoder();
/** Two numbers and a place in the names. */
const columnSize = 20;
const noColumns: SymbolColumns = {
  count: 0,
  starts: new Float64Array(),
  ends: new Float64Array(),
  ranks: new Float64Array(),
  nameStarts: new Uint32Array(),
  names: new Uint8Array(),
};

/** Brings the bytes of a section. */
type Bytes = (section: ElfSection) => Promise<Uint8Array>;

async function columnsOf(elf: Elf, type: number, bytes: Bytes): Promise<SymbolColumns | undefined> {
  const table = elf.sections.find(section => section.type === type);
  const names = table && elf.sections[table.link];
  if (!table || !names || table.size === 0) return undefined;
  return readSymbolColumns(elf, table, await bytes(table), await bytes(names));
}

async function debugColumns(elf: Elf, subject: string, open?: OpenDebugFile) {
  const handle = await open?.({ buildId: readBuildId(elf), ...readDebugLink(elf) });
  if (!handle) return undefined;
  try {
    const debug = readElf(handle.fd, `the debug file of ${subject}`);
    return await columnsOf(debug, sectionTypes.symtab, section => bytesOf(handle, section));
  } finally {
    await handle.close();
  }
}

/** A copy of a section's bytes; those that the file has lost meanwhile are zero. */
async function bytesOf(handle: FileHandle, { offset, bytes: { length } }: ElfSection): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(bytes, at, length - at, offset + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes;
}
