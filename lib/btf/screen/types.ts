/** Types that are safe to hand to libbpf: all of them, whether or not something of ours reads them. */
import { malformedBtf } from '../malformed.js';
import { TypeTable } from '../type-table.js';
import { requireAcyclic } from './graph.js';
import { byValue, entries, inDeclaration } from './references.js';

/**
 * libbpf 1.7 reads the length of a record from 16 bits, of the kind five, and the kernel has one bit for a flag
 * (btf_vlen() and btf_kind() in btf.h).
 */
const readBits = 0x9f00ffff;

/**
 * Returns when libbpf can walk along these types: none contains itself, none is nested without end, and libbpf finds
 * the same records as this library does.
 *
 * Types of a kind that this version does not know are not looked at: libbpf refuses BTF that has them as a whole
 * (btf_type_size() in btf.c).
 *
 * @param base - of split BTF
 * @throws BpfError `ERR_BPF_BTF` that names the type
 */
export function screenTypes(bytes: Uint8Array, subject: string, base?: TypeTable): TypeTable {
  const types = new TypeTable(bytes, subject, base);
  if (types.notes.length > 0) return types;
  for (let id = types.firstId; id < types.count; id++) requireRecord(types, id);
  requireAcyclic(types, byValue);
  requireAcyclic(types, inDeclaration);
  return types;
}

function requireRecord(types: TypeTable, id: number): void {
  const info = types.words[types.start(id) + 1] ?? 0;
  if ((info & ~readBits) !== 0)
    throw malformedBtf(types.subject, `BTF type ${id} has more than 65535 entries, or an unknown flag`);
  if (types.kind(id) === 'datasec') requireVariables(types, id);
}

/** btf_fixup_datasec() in libbpf.c writes into what a section lists, as into variables and functions. */
function requireVariables(types: TypeTable, section: number): void {
  for (const id of entries(types, section, 3, 0)) {
    const kind = id < types.count ? types.kind(id) : 'void';
    if (kind === 'var' || kind === 'func') continue;
    const name = types.name(section);
    throw malformedBtf(types.subject, `section ${name} of the BTF lists type ${id}, which is no variable`);
  }
}
