/** Memory of C to values: structs, unions, bit fields and arrays, as BTF describes them. */
import type { Btf, BtfMember } from '../../doors/btf.js';
import { enumeratorName, typeOf } from '../types/from-btf.js';
import { type IntType, isScalar, languageSize, type StructType, type Type } from '../types/type.js';
import { List, Named, type TraceValue } from './value.js';

/** Reads a value of C where it begins. */
export function decodeMemory(type: Type, view: DataView, at: number): TraceValue {
  switch (type.kind) {
    case 'struct':
      return decodeStruct(type, view, at);
    case 'array':
      return decodeArray(type, view, at);
    case 'string':
      return textAt(view, at, type.size);
    default:
      return isScalar(type) ? scalarAt(type, view, at) : bytesAt(view, at, languageSize(type));
  }
}

export function decodeArray({ of, count }: Type & { kind: 'array' }, view: DataView, at: number): TraceValue {
  const size = languageSize(of);
  return new List(Array.from({ length: count }, (_, index) => decodeMemory(of, view, at + index * size)));
}

export function decodeStruct(type: StructType, view: DataView, at: number): TraceValue {
  const { btf, id } = type;
  const found = btf.type(id);
  if (found.kind !== 'struct' && found.kind !== 'union') return bytesAt(view, at, type.size);
  const fields = found.members.map(member => [member.name, decodeMember(btf, member, view, at)] as const);
  return Object.fromEntries(fields);
}

function decodeMember(
  btf: Btf,
  { type, bitOffset, bits }: BtfMember,
  view: DataView,
  at: number,
): TraceValue {
  const of = typeOf(btf, type, 'kernel');
  if (bits === 0) return decodeMemory(of, view, at + bitOffset / 8);
  const first = at + Math.floor(bitOffset / 8);
  const word = wordAt(view, first, Math.ceil(((bitOffset % 8) + bits) / 8)) >> BigInt(bitOffset % 8);
  const value = BigInt.asUintN(bits, word);
  return of.kind === 'int' ? integerValue(of, of.signed ? BigInt.asIntN(bits, value) : value) : value;
}

/** A number, with its name where it is of an enumeration. */
export function integerValue({ enum: of }: IntType, value: bigint): TraceValue {
  const name = of && enumeratorName(of, value);
  return name === undefined ? value : new Named(name, value);
}

function scalarAt(type: Type, view: DataView, at: number): TraceValue {
  const size = type.kind === 'pointer' ? 8 : languageSize(type);
  const word = wordAt(view, at, size);
  if (type.kind === 'bool') return word !== 0n;
  if (type.kind === 'pointer') return new Named(`0x${word.toString(16)}`, word);
  return type.kind === 'int' ? integerValue(type, type.signed ? BigInt.asIntN(size * 8, word) : word) : word;
}

function wordAt(view: DataView, at: number, size: number): bigint {
  let word = 0n;
  for (let byte = size - 1; byte >= 0; byte--) word = (word << 8n) | BigInt(view.getUint8(at + byte));
  return word;
}

/** Bytes that are no UTF-8 stay what they are. */
export function textAt(view: DataView, at: number, size: number): string {
  const bytes = bytesAt(view, at, size);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

export function bytesAt(view: DataView, at: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, size).slice();
}
