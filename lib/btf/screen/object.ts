/**
 * Objects that are safe to hand to libbpf, which runs in this process and trusts much of a file. What is refused here
 * has crashed libbpf or kept it busy without end; what a compiler or linker makes passes.
 */
import { Elf } from '../elf.js';
import type { TypeTable } from '../type-table.js';
import { requireEffort } from './effort.js';
import { screenExt } from './ext.js';
import { screenRelocations } from './relocations.js';
import { screenedBefore } from './remembered.js';
import { screenSections } from './sections.js';
import { type Functions, screenSymbols } from './symbols.js';
import { screenTypes } from './types.js';
import { screenVariables } from './variables.js';

/**
 * Returns when libbpf can open, load and link the object. The same bytes are looked at once.
 *
 * @throws BpfError `ERR_BPF_ELF` or `ERR_BPF_BTF` that names the section, symbol, relocation or type
 */
export function screenObject(bytes: Uint8Array, subject: string): void {
  screenedBefore('object', bytes, () => screen(Elf.parse(bytes, subject)));
}

/** libbpf refuses objects of 32 bits by itself (bpf_object__elf_init() in libbpf.c). */
function screen(elf: Elf): void {
  if (!elf.is64) return;
  screenSections(elf);
  const functions = screenSymbols(elf);
  screenRelocations(elf, functions);
  const section = elf.section('.BTF');
  if (!section) return;
  const types = screenTypes(section.bytes, elf.subject);
  if (types.notes.length === 0) screenUses(elf, types, functions);
}

function screenUses(elf: Elf, types: TypeTable, functions: Functions): void {
  const ext = elf.section('.BTF.ext');
  const listed = ext ? screenExt(ext.bytes, types) : { records: 0, sections: 0 };
  const { variables, members } = screenVariables(elf, types);
  requireEffort(elf, { types: types.count, functions: functions.count, variables, members, ...listed });
}
