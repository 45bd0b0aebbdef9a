/** The programs of an object, found as by bpf_object__add_programs() in libbpf.c. */
import {
  type Elf,
  type ElfSection,
  type ElfSymbol,
  executable,
  sectionTypes,
  symbolTypes,
} from '../btf/index.js';
import type { ProgramModel } from './model.js';

/** Functions in executable sections. Those of `.text` are subprograms (prog_is_subprog() in libbpf.c). */
export function readPrograms(elf: Elf): readonly ProgramModel[] {
  const functions = elf.symbols
    .flatMap(symbol => withSection(elf, symbol))
    .sort((a, b) => a.section.index - b.section.index || compare(a.symbol.value, b.symbol.value));
  const programs = functions.filter(({ section }) => section.name !== '.text');
  return programs.map(({ symbol, section }) => ({ name: symbol.name, section: withoutMark(section.name) }));
}

/**
 * `SEC("?tp/…")` means that libbpf is not to load it by itself; the mark is no part of the name
 * (bpf_object__init_prog() in libbpf.c).
 */
function withoutMark(section: string): string {
  return section.replace(/^\?/, '');
}

function withSection(elf: Elf, symbol: ElfSymbol): { symbol: ElfSymbol; section: ElfSection }[] {
  const section = elf.sections[symbol.section];
  const isCode = section?.type === sectionTypes.progbits && (section.flags & executable) !== 0;
  return isCode && symbol.type === symbolTypes.function ? [{ symbol, section }] : [];
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
