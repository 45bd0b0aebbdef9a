/** A table of symbols as columns: a program has hundreds of thousands, of which few are asked for. */

import type { Elf, ElfSection } from '../doors/btf.js';
import { BpfError } from '../errors/bpf-error.js';
import type { RangeColumns } from './address-ranges.js';

/** What is known of the functions of a file. */
export interface SymbolColumns extends RangeColumns {
  readonly nameStarts: Uint32Array;
  /** The names, each with a NUL behind it. */
  readonly names: Uint8Array;
}

/** `STT_NOTYPE`, `STT_FUNC`, `STT_GNU_IFUNC`. */
const [untyped, func, ifunc] = [0, 2, 10];
/** `STB_LOCAL`, `STB_WEAK`. */
const [local, weak] = [0, 2];
/** `SHF_EXECINSTR`. */
const executable = 4;
/** Addresses that are read; no program is linked higher. */
const highest = 2n ** 48n;

/**
 * Reads the functions of a symbol table.
 *
 * @param bytes - of the table
 * @param names - of the table's names
 */
export function readSymbolColumns(
  elf: Elf,
  table: ElfSection,
  bytes: Uint8Array,
  names: Uint8Array,
): SymbolColumns {
  const entrySize = elf.is64 ? 24 : 16;
  if (table.entrySize !== entrySize) throw wrongEntries(elf, table, entrySize);
  const reader = new SymbolReader(elf, bytes, names);
  for (let at = 0; at + entrySize <= bytes.length; at += entrySize) reader.read(at);
  return reader.columns();
}

function wrongEntries({ subject }: Elf, { entrySize, index }: ElfSection, expected: number): BpfError {
  const reason = `symbols of ${entrySize} bytes in section ${index}, ${expected} expected`;
  return new BpfError({ code: 'ERR_BPF_ELF', operation: `read ${subject}`, reason });
}

class SymbolReader {
  readonly #view: DataView;
  readonly #names: Uint8Array;
  readonly #littleEndian: boolean;
  readonly #is64: boolean;
  readonly #isCode: readonly boolean[];
  readonly #sectionEnds: readonly number[];
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly #limits: Float64Array;
  readonly #ranks: Float64Array;
  readonly #nameStarts: Uint32Array;
  #count = 0;

  constructor(elf: Elf, bytes: Uint8Array, names: Uint8Array) {
    const most = Math.floor(bytes.length / (elf.is64 ? 24 : 16));
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#names = names;
    this.#littleEndian = elf.littleEndian;
    this.#is64 = elf.is64;
    this.#isCode = elf.sections.map(({ flags }) => (flags & executable) !== 0);
    this.#sectionEnds = elf.sections.map(({ address, size }) => Number(address) + size);
    this.#starts = new Float64Array(most);
    this.#limits = new Float64Array(most);
    this.#ends = new Float64Array(most);
    this.#ranks = new Float64Array(most);
    this.#nameStarts = new Uint32Array(most);
  }

  /** Takes the symbol at `at` where it is a function that this file has. */
  read(at: number): void {
    const info = this.#view.getUint8(at + (this.#is64 ? 4 : 12));
    const section = this.#view.getUint16(at + (this.#is64 ? 6 : 14), this.#littleEndian);
    const name = this.#view.getUint32(at, this.#littleEndian);
    if (!this.#isFunction(info & 15, section, name)) return;
    const start = this.#word(at + (this.#is64 ? 8 : 4));
    const size = this.#word(at + (this.#is64 ? 16 : 8));
    if (start >= highest || size >= highest) return;
    this.#limits[this.#count] = this.#sectionEnds[section] ?? 0;
    this.#add(Number(start), Number(size), name, info >> 4);
  }

  columns(): SymbolColumns {
    return {
      count: this.#count,
      starts: this.#starts.slice(0, this.#count),
      ends: this.#ends.slice(0, this.#count),
      limits: this.#limits.slice(0, this.#count),
      ranks: this.#ranks.slice(0, this.#count),
      nameStarts: this.#nameStarts.slice(0, this.#count),
      names: this.#names,
    };
  }

  /** Labels of assembler code are functions too; those that begin with `$` only tell code from data on ARM. */
  #isFunction(type: number, section: number, name: number): boolean {
    if (section === 0) return false;
    if (type === func || type === ifunc) return true;
    const first = this.#names[name] ?? 0;
    return type === untyped && this.#isCode[section] === true && first !== 0 && first !== dollar;
  }

  #add(start: number, size: number, name: number, binding: number): void {
    const index = this.#count++;
    this.#starts[index] = start;
    this.#ends[index] = start + size;
    this.#ranks[index] = rankOf(start, size, this.#preference(name, binding));
    this.#nameStarts[index] = name;
  }

  /** Of several names for one place: a global one, and the one with fewer underscores in front. */
  #preference(name: number, binding: number): number {
    let underscores = 0;
    while (underscores < 3 && this.#names[name + underscores] === underscore) underscores++;
    const scope = binding === local ? 0 : binding === weak ? 1 : 2;
    return scope * 4 + (3 - underscores);
  }

  #word(at: number): bigint {
    return this.#is64
      ? this.#view.getBigUint64(at, this.#littleEndian)
      : BigInt(this.#view.getUint32(at, this.#littleEndian));
  }
}

const [dollar, underscore] = [36, 95];

/** Functions with a size before labels without, then the innermost, then the preferred name. */
function rankOf(start: number, size: number, preference: number): number {
  return (size > 0 ? 2 ** 52 : 0) + start * 16 + preference;
}
