/** Size and alignment of types, as the compiler laid them out. */
import { malformedBtf } from './malformed.js';
import type { BtfArray, BtfStruct, BtfType } from './type.js';

/** Deepest nesting of arrays and structs that is followed; the kernel allows itself 32. */
const deepest = 64;
const largest = 0xffffffff;

interface Types {
  readonly subject: string;
  readonly pointerSize: number;
  type(id: number): BtfType;
  resolve(id: number): number;
}

/** Size of a value of type `id` in bytes. */
export function sizeOf(types: Types, id: number, depth = 0): number {
  const type = types.type(types.resolve(id));
  if (type.kind === 'ptr') return types.pointerSize;
  if (type.kind === 'array') return arraySize(types, type, depth);
  if (type.kind === 'var') return sizeOf(types, type.type, deeper(types, id, depth));
  if ('size' in type) return type.size;
  const name = type.name === '' ? '' : ` ${type.name}`;
  throw malformedBtf(types.subject, `BTF type ${id}, ${type.kind}${name}, has no size`);
}

/**
 * Alignment of a value of type `id` in bytes: 1, 2, 4, 8 or 16.
 *
 * @param known - alignments found before; without them types that share members would be walked once for each path
 */
export function alignOf(types: Types, id: number, known: Map<number, number>, depth = 0): number {
  const type = types.type(types.resolve(id));
  const found = known.get(type.id);
  if (found !== undefined) return found;
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

/** BTF does not record alignment: a struct has that of its members, unless an offset or the size denies it. */
function structAlign(types: Types, struct: BtfStruct, known: Map<number, number>, depth: number): number {
  let align = 1;
  for (const { type, bitOffset, bits } of struct.members) {
    const wanted = bits === 0 ? alignOf(types, type, known, depth) : 1;
    if ((bitOffset / 8) % wanted === 0) align = Math.max(align, wanted);
  }
  return struct.size % align === 0 ? align : 1;
}

function deeper(types: Types, id: number, depth: number): number {
  if (depth < deepest) return depth + 1;
  throw malformedBtf(types.subject, `BTF type ${id} contains itself, or nests deeper than ${deepest}`);
}
