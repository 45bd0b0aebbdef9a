/** Sections of an object that libelf and libbpf can take as they are. */
import type { Elf } from '../elf.js';
import { type ElfSection, sectionTypes } from '../elf-section.js';
import { malformedElf } from '../malformed.js';

/** `SHF_COMPRESSED`: libelf unpacks such sections when it looks for a name. */
const compressed = 0x800;
/** The padding before sections, all together, that extend_sec() in linker.c may fill in. */
const mostPadding = 64 << 20;
/** Variables that are zero have no bytes in the file: a few of it would take all memory. */
const mostZeros = 256 << 20;

const entrySizes: ReadonlyMap<number, number> = new Map([
  [sectionTypes.symtab, 24],
  [sectionTypes.rel, 16],
]);
/** Sections of which libbpf takes the last (bpf_object__elf_collect() in libbpf.c), and other readers the first. */
const single: ReadonlySet<string> = new Set(['.BTF', '.BTF.ext', '.maps', 'license', 'version']);

/** Debug information, which libbpf leaves alone (is_sec_name_dwarf() in libbpf.c). */
export function isDebugSection({ name }: ElfSection): boolean {
  return /^(\.rel)?\.debug_/.test(name);
}

/** True where the section's bytes are in the file. */
export function isStored({ type }: ElfSection): boolean {
  return type !== sectionTypes.null && type !== sectionTypes.nobits;
}

/**
 * Returns when each section has a proper alignment, entry size and size, and together they take no more memory than
 * the file explains.
 *
 * @throws BpfError `ERR_BPF_ELF` that names the section
 */
export function screenSections(elf: Elf): void {
  if (elf.sections.length > 0 && elf.u16(58) !== 64)
    throw malformedElf(elf.subject, `section headers of ${elf.u16(58)} bytes, 64 expected`);
  for (const section of elf.sections) {
    const fault = alignmentFault(section) ?? entryFault(section) ?? storageFault(section);
    if (fault) throw malformedElf(elf.subject, `section ${section.index} (${section.name}) ${fault}`);
  }
  requireSingle(elf);
  requireRoom(elf);
}

function alignmentFault({ alignment }: ElfSection): string | undefined {
  const isPower = alignment === 0 || Number.isInteger(Math.log2(alignment));
  return isPower ? undefined : `has alignment ${alignment}, a power of two expected`;
}

function entryFault({ type, entrySize, size }: ElfSection): string | undefined {
  const expected = entrySizes.get(type);
  if (expected === undefined) return undefined;
  if (entrySize !== expected) return `has entries of ${entrySize} bytes, ${expected} expected`;
  return size % expected === 0 ? undefined : `has ${size} bytes, which are not whole entries of ${expected}`;
}

function storageFault(section: ElfSection): string | undefined {
  if (section.name === '.maps' && !isStored(section)) return 'has no bytes in the file';
  return section.flags & compressed && !isDebugSection(section) ? 'is compressed' : undefined;
}

function requireSingle(elf: Elf): void {
  const seen = new Set<string>();
  for (const { name, type } of elf.sections) {
    const key = type === sectionTypes.symtab ? 'symbol table' : name;
    if (key === name && !single.has(name)) continue;
    if (seen.has(key)) throw malformedElf(elf.subject, `there are two sections ${key}, one expected`);
    seen.add(key);
  }
}

/** Sections that lie over each other would be copied once for each. */
function requireRoom(elf: Elf): void {
  let [stored, padding, zeros] = [0, 0, 0];
  for (const section of elf.sections) {
    if (isStored(section)) stored += section.size;
    else if (section.type === sectionTypes.nobits) zeros += section.size;
    padding += section.alignment;
  }
  if (zeros > mostZeros)
    throw malformedElf(elf.subject, `its zero variables have ${zeros} bytes, ${mostZeros} are allowed`);
  if (stored > 4 * elf.bytes.length)
    throw malformedElf(
      elf.subject,
      `its sections have ${stored} bytes, but the file has ${elf.bytes.length}`,
    );
  if (padding > mostPadding)
    throw malformedElf(
      elf.subject,
      `its sections are aligned to ${padding} bytes together, ${mostPadding} allowed`,
    );
}
