/** Segments of an ELF file: what the kernel and the dynamic loader map, and where. */
import { requireMethod } from '../errors/arguments.js';
import type { Elf } from './elf.js';
import { malformedElf } from './malformed.js';

/** A part of a file that is mapped when it runs (`PT_LOAD`). */
export interface ElfSegment {
  /** From the start of the file, in bytes. */
  readonly offset: number;
  /** Where it is in the address space that the file was linked for. */
  readonly address: bigint;
  /** In the file, in bytes; in memory it may be larger. */
  readonly size: number;
  readonly isExecutable: boolean;
}

/** `PT_LOAD` and `PF_X`. */
const [load, executable] = [1, 1];

/**
 * The segments that are loaded, in the order of the file's table; empty for a relocatable file.
 *
 * @throws BpfError `ERR_BPF_ELF` where the table is not in the file.
 */
export function loadSegments(elf: Elf): ElfSegment[] {
  requireMethod('read segments', elf, 'loadRange', 'give an Elf');
  const table = elf.word(elf.is64 ? 32 : 28);
  const at = elf.is64 ? 54 : 42;
  const [entrySize, count] = [elf.u16(at), elf.u16(at + 2)];
  if (count === 0) return [];
  requireEntries(elf, entrySize);
  elf.loadRange(table, entrySize * count, 'the segment table');
  const starts = Array.from({ length: count }, (_, i) => Number(table) + i * entrySize);
  return starts.filter(start => elf.u32(start) === load).map(start => segmentAt(elf, start));
}

function requireEntries(elf: Elf, size: number): void {
  const least = elf.is64 ? 56 : 32;
  if (size < least)
    throw malformedElf(elf.subject, `segment headers of ${size} bytes, at least ${least} expected`);
}

function segmentAt(elf: Elf, at: number): ElfSegment {
  const flags = elf.u32(at + (elf.is64 ? 4 : 24));
  const word = elf.is64 ? 8 : 4;
  const fields = at + (elf.is64 ? 8 : 4);
  return {
    offset: Number(elf.word(fields)),
    address: elf.word(fields + word),
    size: Number(elf.word(fields + 3 * word)),
    isExecutable: (flags & executable) !== 0,
  };
}
