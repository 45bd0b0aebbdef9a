/**
 * Objects that are safe to hand to libbpf, which runs in this process and trusts much of a file. What is refused here
 * has crashed libbpf or kept it busy without end; what a compiler or linker makes passes.
 */
import { Elf } from '../elf.js';
import { malformedElf } from '../malformed.js';
import type { TypeTable } from '../type-table.js';
import { screenExt } from './ext.js';
import { screenRelocations } from './relocations.js';
import { screenedBefore } from './remembered.js';
import { screenSections } from './sections.js';
import { type Functions, screenSymbols } from './symbols.js';
import { screenTypes } from './types.js';
import { screenVariables } from './variables.js';

/** libbpf compares each of these with each of those: this many pairs take it about a second. */
const mostPairs = 100_000_000;

/**
 * Returns when libbpf can open, load and link the object. The same bytes are looked at once.
 *
 * @throws BpfError `ERR_BPF_ELF` or `ERR_BPF_BTF` that names the section, symbol, relocation or type
 */
export function screenObject(bytes: Uint8Array, subject: string): void {
  screenedBefore('object', bytes, () => screen(Elf.parse(bytes, subject)));
}

/** libbpf refuses objects of 32 bits by itself. */
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
  const records = ext ? screenExt(ext.bytes, types) : 0;
  const variables = screenVariables(elf, types);
  const externs = elf.symbols.filter(({ section, name }) => section === 0 && name !== '').length;
  requirePairs(elf, 'variables', variables, 'symbols', elf.symbols.length);
  requirePairs(elf, 'undefined symbols', externs, 'types', types.count);
  // A comparison of two numbers, where the others compare names.
  requirePairs(elf, 'functions', functions.count / 10, 'lines and relocations', records);
}

function requirePairs(elf: Elf, one: string, ones: number, other: string, others: number): void {
  if (ones * others <= mostPairs) return;
  const reason = `it has ${Math.ceil(ones)} ${one} and ${others} ${other}, more than libbpf compares in a sensible time`;
  throw malformedElf(elf.subject, reason, 'split it into several objects');
}
