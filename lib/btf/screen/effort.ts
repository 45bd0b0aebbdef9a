/**
 * How long libbpf is busy with an object: several of its loops compare every program, map or relocation with every
 * other (bpf_object__collect_relos() in libbpf.c).
 */
import type { Elf } from '../elf.js';
import { sectionTypes } from '../elf-section.js';
import { malformedElf } from '../malformed.js';

/** This many comparisons of names take about a second; those of numbers count a tenth. */
const mostPairs = 100_000_000;
/** A program may have one for itself, and one for its relocations. */
const mostSections = 10_000;

/** What of an object is compared. */
export interface Extent {
  readonly types: number;
  readonly functions: number;
  /** Variables that sections of the BTF list. */
  readonly variables: number;
  /** Members of tables in `.struct_ops`. */
  readonly members: number;
  /** Functions, lines and relocations in `.BTF.ext`. */
  readonly records: number;
  /** Lists of them. */
  readonly sections: number;
}

/**
 * Returns when libbpf is done with the object in seconds.
 *
 * @throws BpfError `ERR_BPF_ELF` that says of what there is too much
 */
export function requireEffort(elf: Elf, extent: Extent): void {
  const sections = elf.sections.length;
  if (sections > mostSections)
    throw malformedElf(elf.subject, `it has ${sections} sections, ${mostSections} are allowed`);
  const { types, functions, variables, members, records, sections: lists } = extent;
  const undefinedOnes = elf.symbols.filter(({ section, name }) => section === 0 && name !== '').length;
  const globals = elf.symbols.filter(({ binding }) => binding !== 0).length;
  const compared = (one: string, ones: number, other: string, others: number, weight = 1) => {
    if (ones * others * weight > mostPairs) throw tooMuch(elf, `${ones} ${one} and ${others} ${other}`);
  };
  compared('variables', variables, 'symbols', elf.symbols.length);
  compared('undefined symbols', undefinedOnes, 'types', types);
  compared('undefined symbols', undefinedOnes, 'variables', variables);
  compared('global symbols', globals, 'of them', globals);
  compared('lists in .BTF.ext', lists, 'sections', sections);
  compared('functions', functions, 'lines and relocations', records, 0.1);
  compared('functions', functions, 'members in .struct_ops', members, 0.1);
  compared('relocations', relocations(elf), 'variables', variables, 0.1);
}

function relocations(elf: Elf): number {
  return elf.sections.reduce((sum, { type, size }) => sum + (type === sectionTypes.rel ? size / 16 : 0), 0);
}

function tooMuch(elf: Elf, what: string): Error {
  const reason = `it has ${what}, more than libbpf compares in a sensible time`;
  return malformedElf(elf.subject, reason, 'split it into several objects');
}
