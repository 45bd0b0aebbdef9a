/** Symbols that lie in their sections, and functions of a sensible number and size. */
import type { Elf } from '../elf.js';
import { executable } from '../elf-section.js';
import { type ElfSymbol, symbolTypes } from '../elf-symbols.js';
import { malformedElf } from '../malformed.js';

/** `SHN_LORESERVE`: from here on an index means something else than a section. */
const firstReserved = 0xff00;
/**
 * libbpf follows calls by recursion, and the kernel allows a program 256 functions
 * (bpf_object__reloc_code() in libbpf.c, BPF_MAX_SUBPROGS in include/linux/bpf_verifier.h).
 */
const mostFunctions = 10_000;

/** Functions of the executable sections. */
export interface Functions {
  readonly count: number;
  /** Where functions end, by section index: offsets in bytes. */
  readonly ends: ReadonlyMap<number, ReadonlySet<number>>;
}

/**
 * Returns when every symbol is inside its section.
 *
 * @throws BpfError `ERR_BPF_ELF` that names the symbol
 */
export function screenSymbols(elf: Elf): Functions {
  elf.symbols.forEach((symbol, index) => {
    const fault = symbolFault(elf, symbol);
    if (fault) throw malformedElf(elf.subject, `symbol ${index} (${symbol.name}) ${fault}`);
  });
  return functionsOf(elf);
}

function symbolFault(elf: Elf, { section, type, value, size }: ElfSymbol): string | undefined {
  const isSection = type === symbolTypes.section;
  if (section >= firstReserved) return isSection ? 'is of a section that is not there' : undefined;
  const home = elf.sections[section];
  if (!home) return `is in section ${section}, of ${elf.sections.length} sections`;
  if (section === 0 || value + size <= BigInt(home.size)) return undefined;
  return `needs ${size} bytes at offset ${value}, but section ${section} has ${home.size}`;
}

function functionsOf(elf: Elf): Functions {
  const ends = new Map<number, Set<number>>();
  let [count, code, room] = [0, 0, 0];
  for (const { flags, size } of elf.sections) if (flags & executable) room += size;
  for (const { type, section, value, size } of elf.symbols) {
    if (type !== symbolTypes.function || !((elf.sections[section]?.flags ?? 0) & executable)) continue;
    const known = ends.get(section) ?? new Set<number>();
    ends.set(section, known.add(Number(value + size)));
    [count, code] = [count + 1, code + Number(size)];
  }
  requireFunctions(elf, count, code, room);
  return { count, ends };
}

/**
 * libbpf copies the code of each function, and functions with two names twice (bpf_object__add_programs() in
 * libbpf.c).
 */
function requireFunctions(elf: Elf, count: number, code: number, room: number): void {
  if (count > mostFunctions)
    throw malformedElf(elf.subject, `it has ${count} functions, ${mostFunctions} are allowed`);
  if (code > 8 * room)
    throw malformedElf(elf.subject, `its functions have ${code} bytes, but its code has ${room}`);
}
