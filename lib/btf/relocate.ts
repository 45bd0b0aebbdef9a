/**
 * Types of a module that was built away from its kernel: they continue a distilled base, `.BTF.base`, which has the
 * kernel's types by name and size alone. To be read beside a kernel, each of those is found among the kernel's, as
 * btf_relocate_map_distilled_base() in libbpf's btf_relocate.c and the kernel (since 6.11) find them.
 */
import type { Btf } from './btf.js';
import { recordOf } from './btf-record.js';
import { BtfWriter } from './btf-writer.js';
import { malformedBtf } from './malformed.js';
import type { BtfKind, BtfStruct, BtfType } from './type.js';

/**
 * The module's own types, as raw BTF that continues the kernel's.
 *
 * @throws BpfError `ERR_BPF_BTF` where the kernel has not, or has several of, a type that the module was built with
 */
export function relocateTypes(module: Btf, distilled: Btf, kernel: Btf): Uint8Array {
  const places = placesOf(module, distilled, kernel);
  const shift = kernel.count - distilled.count;
  const renumber = (id: number) => places.get(id) ?? (id < distilled.count ? 0 : id + shift);
  const writer = new BtfWriter(kernel.littleEndian, kernel.stringsEnd);
  for (let id = module.firstId; id < module.count; id++) writer.add(recordOf(module.type(id), renumber));
  return writer.bytes();
}

/** Ids of the kernel's types by those of the distilled ones. */
function placesOf(module: Btf, distilled: Btf, kernel: Btf): ReadonlyMap<number, number> {
  const embedded = embeddedTypes(module);
  const places = new Map<number, number>();
  for (let id = 1; id < distilled.count; id++) {
    const type = distilled.type(id);
    const [found, ...others] = candidatesOf(type, kernel, embedded.has(id));
    const what = `${type.kind} ${type.name}`;
    if (found === undefined)
      throw malformedBtf(module.subject, `it was built with a ${what} that ${kernel.subject} does not have`);
    if (others.length > 0)
      throw malformedBtf(module.subject, `${kernel.subject} has several of its ${what}: types ${[found, ...others].join(', ')}`); // biome-ignore format: one line
    places.set(id, found);
  }
  return places;
}

/**
 * Kinds of the kernel's that a distilled type may stand for: an enum64 is distilled as an enum, a pointee as a
 * forward (btf__distill_base() in btf.c).
 */
const standsFor: Readonly<Partial<Record<BtfKind, readonly BtfKind[]>>> = {
  int: ['int'],
  float: ['float'],
  enum: ['enum', 'enum64'],
  struct: ['struct'],
  union: ['union'],
};

function candidatesOf(type: BtfType, kernel: Btf, isEmbedded: boolean): number[] {
  const kinds = type.kind === 'fwd' ? ([type.of, 'fwd'] as const) : (standsFor[type.kind] ?? []);
  const named = kinds.flatMap(kind => kernel.findAll(kind, type.name));
  if (type.kind === 'fwd') return named.slice(0, 1);
  const alike = named.filter(id => isAlike(type, kernel.type(id)));
  const isComposite = type.kind === 'struct' || type.kind === 'union';
  // A size matters where a value of the type is inside one of the module's, or tells several of one name apart.
  return isComposite && !isEmbedded && named.length === 1 ? named : alike;
}

function isAlike(type: BtfType, other: BtfType): boolean {
  if (type.kind === 'int' && other.kind === 'int')
    return type.size === other.size && type.signed === other.signed && type.bool === other.bool;
  return 'size' in type && 'size' in other && type.size === other.size;
}

/** Ids that members of the module's structs have as values, not behind a pointer. */
function embeddedTypes(module: Btf): ReadonlySet<number> {
  const found = new Set<number>();
  for (let id = module.firstId; id < module.count; id++) {
    const type = module.type(id);
    if (type.kind !== 'struct' && type.kind !== 'union') continue;
    for (const { type: member } of (type as BtfStruct).members) found.add(typeOfValue(module, member));
  }
  return found;
}

/** What lies under names, qualifiers and arrays. */
function typeOfValue(btf: Btf, id: number): number {
  let at = btf.resolve(id);
  // A circle of arrays, which no compiler writes, ends too.
  for (let hops = 0; hops < 64; hops++) {
    const type = btf.type(at);
    if (type.kind !== 'array') return at;
    at = btf.resolve(type.type);
  }
  return at;
}
