/**
 * Variables whose types libbpf relies on: those of struct_ops (init_struct_ops_maps() in libbpf.c), and options of
 * the kernel's configuration.
 */
import type { Elf } from '../elf.js';
import { malformedBtf } from '../malformed.js';
import { headWords, lengthOfInfo } from '../type-index.js';
import type { TypeTable } from '../type-table.js';
import { entries } from './references.js';

/** All options of the kernel's configuration that an object asks for, in bytes. */
const mostOptions = 1 << 20;
const isStructOps = /^\??\.struct_ops(\.link)?$/;
/** libbpf adds an offset and a size in 32 bits (init_struct_ops_maps() in libbpf.c). */
const largestOffset = 0x7fffffff;
const scalars: ReadonlySet<string> = new Set(['int', 'enum', 'enum64', 'float', 'ptr']);

/**
 * Returns how many variables there are, and members of those in `.struct_ops`, when libbpf can read them and those of
 * `.kconfig`.
 *
 * @throws BpfError `ERR_BPF_BTF` that names the type
 */
export function screenVariables(elf: Elf, types: TypeTable): { variables: number; members: number } {
  const counts = { variables: 0, members: 0 };
  for (const section of types.ids('datasec')) {
    const name = types.name(section);
    const variables = entries(types, section, 3, 0);
    counts.variables += variables.length;
    if (isStructOps.test(name)) counts.members += screenStructOps(elf, types, section, name);
    if (name === '.kconfig') screenOptions(types, variables);
  }
  return counts;
}

function screenStructOps(elf: Elf, types: TypeTable, section: number, name: string): number {
  const room = elf.section(name)?.size ?? 0;
  const offsets = entries(types, section, 3, 1);
  let members = 0;
  entries(types, section, 3, 0).forEach((variable, i) => {
    const struct = types.resolve(types.third(variable));
    if (types.kind(struct) !== 'struct') return;
    const size = types.third(struct);
    const offset = offsets[i] ?? 0;
    if (offset > largestOffset || size > room)
      throw malformedBtf(
        types.subject,
        `BTF type ${struct} needs ${size} bytes at offset ${offset} of ${name}, which has ${room}`,
      );
    members += requireMembers(types, struct, size);
  });
  return members;
}

/** libbpf reads and writes members where their type says they are (bpf_map__init_kern_struct_ops() in libbpf.c). */
function requireMembers(types: TypeTable, struct: number, size: number): number {
  const start = types.start(struct);
  const count = lengthOfInfo(types.words[start + 1] ?? 0);
  for (let i = 0; i < count; i++) {
    const at = start + headWords + 3 * i;
    const end = Math.ceil((types.words[at + 2] ?? 0) / 8) + sizeOf(types, types.words[at + 1] ?? 0);
    if (end > size)
      throw malformedBtf(
        types.subject,
        `member ${i} of BTF type ${struct} ends at ${end}, but it has ${size} bytes`,
      );
  }
  return count;
}

function screenOptions(types: TypeTable, variables: readonly number[]): void {
  let size = 0;
  for (const id of variables) {
    if (types.kind(id) !== 'var') continue;
    if (!isOption(types, types.third(id)))
      throw malformedBtf(
        types.subject,
        `option ${types.name(id)} of the kernel's configuration is no number, enum or array`,
      );
    size += sizeOf(types, types.third(id)) + 8;
  }
  if (size > mostOptions)
    throw malformedBtf(
      types.subject,
      `options of the kernel's configuration have ${size} bytes, ${mostOptions} are allowed`,
    );
}

function isOption(types: TypeTable, id: number): boolean {
  const resolved = types.resolve(id);
  if (types.kind(resolved) === 'array') return isOption(types, element(types, resolved));
  return scalars.has(types.kind(resolved));
}

/** The types are known to end: a size of 0 for what has none. */
function sizeOf(types: TypeTable, id: number): number {
  const resolved = types.resolve(id);
  const kind = types.kind(resolved);
  if (kind === 'ptr') return 8;
  if (kind === 'array')
    return (
      (types.words[types.start(resolved) + headWords + 2] ?? 0) * sizeOf(types, element(types, resolved))
    );
  return kind === 'struct' || kind === 'union' || scalars.has(kind) ? types.third(resolved) : 0;
}

function element(types: TypeTable, array: number): number {
  return types.words[types.start(array) + headWords] ?? 0;
}
