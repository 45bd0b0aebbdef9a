/** Sections of an ELF file: their types, flags and headers. */

/** Section types that this library asks about (`sh_type`). */
export const sectionTypes = {
  null: 0,
  progbits: 1,
  symtab: 2,
  note: 7,
  nobits: 8,
  rel: 9,
  dynsym: 11,
  /** Versions of symbols: `SHT_GNU_verdef` and `SHT_GNU_versym`. */
  versionDefinitions: 0x6ffffffd,
  versions: 0x6fffffff,
} as const;

/** `SHF_EXECINSTR` of {@link ElfSection.flags}. */
export const executable = 4;

/** One section header, with the bytes it points at. */
export interface ElfSection {
  readonly index: number;
  readonly name: string;
  /** `sh_type`; see {@link sectionTypes}. */
  readonly type: number;
  /** The low 32 bits of `sh_flags`; every defined flag is there. */
  readonly flags: number;
  readonly address: bigint;
  /** Where the section starts in the file. */
  readonly offset: number;
  /** Size in bytes; a `nobits` section has a size but no bytes. */
  readonly size: number;
  readonly link: number;
  readonly info: number;
  /** What the section's place is a multiple of, in bytes; 0 and 1: of anything. */
  readonly alignment: number;
  /** Size of one entry where the section is a table, else 0. */
  readonly entrySize: number;
  /** A window on the file's bytes, not a copy. */
  readonly bytes: Uint8Array;
}

/** How a file is read of which only some parts are wanted, and what to pass instead of a wrong one. */
export interface PartialFile {
  /** Puts these bytes of the file where they belong; called for the header, the section table and its names. */
  readonly fill: (offset: number, size: number) => void;
  readonly hint: string;
}
