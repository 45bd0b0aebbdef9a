/** Relocations that change what is there: a place in their section, a symbol of the table. */
import type { Elf } from '../elf.js';
import { type ElfSection, executable, sectionTypes } from '../elf-section.js';
import { malformedElf } from '../malformed.js';
import { isDebugSection, isStored } from './sections.js';
import type { Functions } from './symbols.js';

const entrySize = 16;
const instruction = 8;
/** The code of an instruction that loads 64 bits and takes two places. */
const wideLoad = 0x18;
/** `R_BPF_64_ABS32`: four bytes of data change, and eight by all others. */
const narrow = 3;

/**
 * Returns when libbpf can apply every relocation of code and data.
 *
 * @throws BpfError `ERR_BPF_ELF` that names section and relocation
 */
export function screenRelocations(elf: Elf, functions: Functions): void {
  for (const section of elf.sections) {
    if (section.type !== sectionTypes.rel || isLeftAlone(section)) continue;
    const target = elf.sections[section.info];
    const fault = targetFault(elf, section, target);
    if (fault || !target)
      throw malformedElf(elf.subject, `section ${section.index} (${section.name}) ${fault}`);
    screenSection(elf, section, target, functions);
  }
}

function isLeftAlone(section: ElfSection): boolean {
  return isDebugSection(section) || section.name === '.rel.BTF' || section.name === '.rel.BTF.ext';
}

function targetFault(elf: Elf, section: ElfSection, target: ElfSection | undefined): string | undefined {
  if (!target || target.index === 0)
    return `is for section ${section.info}, of ${elf.sections.length} sections`;
  return isStored(target) || section.size === 0 ? undefined : `is for ${target.name}, which has no bytes`;
}

function screenSection(elf: Elf, section: ElfSection, target: ElfSection, { ends }: Functions): void {
  const isCode = (target.flags & executable) !== 0;
  const ofSection = ends.get(target.index);
  for (let at = section.offset; at < section.offset + section.size; at += entrySize) {
    const place = Number(elf.word(at));
    const room = isCode ? codeRoom(target, place) : dataRoom(elf, target, at);
    const splits = room === 2 * instruction && ofSection?.has(place + instruction);
    if (place + room > target.size || splits) throw refused(elf, section, at, pastEnd(target, place, room));
    const symbol = elf.u32(at + (elf.littleEndian ? 12 : 8));
    if (symbol >= elf.symbols.length)
      throw refused(elf, section, at, `is for symbol ${symbol}, of ${elf.symbols.length}`);
  }
}

function pastEnd({ name }: ElfSection, place: number, room: number): string {
  return `changes ${room} bytes at offset ${place} of ${name}, past the end of a function or section`;
}

/**
 * How many bytes libbpf changes: a load of 64 bits has its upper half in the next instruction
 * (bpf_object__relocate_data() in libbpf.c).
 */
function codeRoom(target: ElfSection, place: number): number {
  return target.bytes[place] === wideLoad ? 2 * instruction : instruction;
}

function dataRoom(elf: Elf, target: ElfSection, at: number): number {
  const type = elf.u32(at + (elf.littleEndian ? 8 : 12));
  return type === narrow && !/^\??\.(maps|struct_ops)/.test(target.name) ? 4 : 8;
}

function refused(elf: Elf, section: ElfSection, at: number, what: string): Error {
  const index = (at - section.offset) / entrySize;
  return malformedElf(
    elf.subject,
    `relocation ${index} of section ${section.index} (${section.name}) ${what}`,
  );
}
