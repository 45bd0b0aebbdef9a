/** Objects that libbpf's linker can take. */
import { Elf } from '../elf.js';
import { malformedElf } from '../malformed.js';
import { TypeTable } from '../type-table.js';
import { screenObject } from './object.js';

/**
 * The linker compares types by recursion, from pointer to pointer (`btf_dedup_is_equiv()`), so that a list of structs
 * takes its stack: two megabytes are enough for forty thousand types.
 */
const mostTypes = 30_000;

/**
 * Returns when libbpf can link the object.
 *
 * @throws BpfError `ERR_BPF_ELF` or `ERR_BPF_BTF` that names the section, symbol, relocation or type
 */
export function screenLinked(bytes: Uint8Array, subject: string): void {
  screenObject(bytes, subject);
  const section = Elf.parse(bytes, subject).section('.BTF');
  const types = section ? new TypeTable(section.bytes, subject).count : 0;
  if (types > mostTypes) throw malformedElf(subject, `it has ${types} types, ${mostTypes} are linked`);
}
