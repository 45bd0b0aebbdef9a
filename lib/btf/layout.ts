/** Size and alignment of types, as the compiler laid them out. */
import { malformedBtf } from './malformed.js';
import type { BtfArray, BtfKind, BtfMember, BtfStruct, BtfType } from './type.js';

/**
 * Deepest nesting of arrays and structs that is followed; the kernel allows itself 32 (`MAX_RESOLVE_DEPTH` in
 * kernel/bpf/btf.c).
 */
const deepest = 64;
const largest = 0xffffffff;

interface Types {
  readonly subject: string;
  readonly pointerSize: number;
  type(id: number): BtfType;
  kind(id: number): BtfKind;
  resolve(id: number): number;
  /** Third word of a record: a size or a type. */
  third(id: number): number;
}

/** Kinds whose record says the size. */
const sized: ReadonlySet<BtfKind> = new Set(['int', 'struct', 'union', 'enum', 'enum64', 'float', 'datasec']);

/** Size of a value of type `id` in bytes. */
export function sizeOf(types: Types, id: number, depth = 0): number {
  const resolved = types.resolve(id);
  const kind = types.kind(resolved);
  if (sized.has(kind)) return types.third(resolved);
  if (kind === 'ptr') return types.pointerSize;
  const type = types.type(resolved);
  if (type.kind === 'array') return arraySize(types, type, depth);
  if (type.kind === 'var') return sizeOf(types, type.type, deeper(types, id, depth));
  const name = type.name === '' ? '' : ` ${type.name}`;
  throw malformedBtf(types.subject, `BTF type ${id}, ${type.kind}${name}, has no size`);
}

/**
 * Alignment of a value of type `id` in bytes: 1, 2, 4, 8 or 16.
 *
 * @param known - alignments found before; without them types that share members would be walked once for each path
 */
export function alignOf(types: Types, id: number, known: Map<number, number>, depth = 0): number {
  const resolved = types.resolve(id);
  const found = known.get(resolved);
  if (found !== undefined) return found;
  const type = types.type(resolved);
  const align = alignment(types, type, known, depth);
  known.set(type.id, align);
  return align;
}

function alignment(types: Types, type: BtfType, known: Map<number, number>, depth: number): number {
  switch (type.kind) {
    case 'ptr':
      return types.pointerSize;
    case 'array':
    case 'var':
      return alignOf(types, type.type, known, deeper(types, type.id, depth));
    case 'struct':
    case 'union':
      return structAlign(types, type, known, deeper(types, type.id, depth));
    default:
      return Math.min(sizeOf(types, type.id), 2 * types.pointerSize);
  }
}

function arraySize(types: Types, array: BtfArray, depth: number): number {
  const size = array.count * sizeOf(types, array.type, deeper(types, array.id, depth));
  if (size <= largest) return size;
  throw malformedBtf(types.subject, `BTF type ${array.id}, an array of ${size} bytes, is larger than 4 GiB`);
}

/** BTF does not record alignment: a struct has that of its members, unless its layout denies it. */
function structAlign(types: Types, struct: BtfStruct, known: Map<number, number>, depth: number): number {
  const aligns = struct.members.map(({ type }) => alignOf(types, type, known, depth));
  return isLaidOut(types, struct, aligns) ? widest(aligns) : 1;
}

function widest(aligns: readonly number[]): number {
  return aligns.reduce((a, b) => Math.max(a, b), 1);
}

/** True where a compiler would put every member without being told to pack them. */
function isLaidOut(types: Types, struct: BtfStruct, aligns: readonly number[]): boolean {
  if (struct.size % widest(aligns) !== 0) return false;
  return struct.members.every((member, i) => isNatural(types, member, aligns[i] ?? 1));
}

function isNatural(types: Types, { type, bitOffset, bits }: BtfMember, align: number): boolean {
  if (bits === 0) return bitOffset % (align * 8) === 0;
  const unit = sizeOf(types, type) * 8;
  return bits <= unit && Math.floor(bitOffset / unit) === Math.floor((bitOffset + bits - 1) / unit);
}

/** True for a struct or union that C must pack: some member, or the size, is not aligned. */
export function isPacked(types: Types & { alignOf(id: number): number }, struct: BtfStruct): boolean {
  const aligns = struct.members.map(({ type }) => types.alignOf(type));
  return !isLaidOut(types, struct, aligns);
}

function deeper(types: Types, id: number, depth: number): number {
  if (depth < deepest) return depth + 1;
  throw malformedBtf(types.subject, `BTF type ${id} contains itself, or nests deeper than ${deepest}`);
}
