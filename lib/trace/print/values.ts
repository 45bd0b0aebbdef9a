/** Records and elements of maps to JavaScript values. */
import { isScalar, padded, storageSize, type Type, tupleOffsets } from '../types/type.js';
import type { Names } from './names.js';

/** What prints as text: a name that was looked up, a time, an address. */
export class Named {
  readonly text: string;
  /** Of an address, which is a number too. */
  readonly address: bigint | undefined;

  constructor(text: string, address?: bigint) {
    this.text = text;
    this.address = address;
  }
}

/** A value of the language: numbers that may have 64 bits are bigint. */
export type TraceValue =
  | bigint
  | boolean
  | string
  | Uint8Array
  | Named
  | readonly TraceValue[]
  | { readonly [field: string]: TraceValue };

/** True where its text has to be looked up. */
export function needsNames(type: Type): boolean {
  if (type.kind === 'tuple') return type.items.some(needsNames);
  return ['ksym', 'usym', 'username', 'kstack', 'ustack', 'timestamp', 'cgroup_path'].includes(type.kind);
}

/** Reads a value where it begins. */
export function decode(type: Type, view: DataView, at: number, names: Names): TraceValue {
  if (isScalar(type)) return decodeScalar(type, view.getBigUint64(at, true), names);
  switch (type.kind) {
    case 'string':
      return textAt(view, at, type.size);
    case 'buffer':
      return bytesAt(view, at + 8, Math.min(type.size, Number(view.getBigUint64(at, true))));
    case 'tuple':
      return decodeTuple(type, view, at, names);
    case 'array':
      return decodeArray(type, view, at, names);
    case 'struct':
      return bytesAt(view, at, type.size);
    default:
      return names.decode(type, view, at);
  }
}

function decodeScalar(type: Type, word: bigint, names: Names): TraceValue {
  switch (type.kind) {
    case 'bool':
      return word !== 0n;
    case 'int':
      return type.signed ? BigInt.asIntN(64, word) : word;
    case 'pointer':
      return new Named(`0x${word.toString(16)}`, word);
    case 'ksym':
    case 'username':
    case 'timestamp':
    case 'mac':
    case 'cgroup_path':
      return names.scalar(type, word);
    default:
      return word;
  }
}

/** Bytes that are no UTF-8 stay what they are. */
function textAt(view: DataView, at: number, size: number): string {
  const bytes = bytesAt(view, at, size);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

function bytesAt(view: DataView, at: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, size).slice();
}

function decodeTuple(type: Type & { kind: 'tuple' }, view: DataView, at: number, names: Names): TraceValue {
  const offsets = tupleOffsets(type);
  const items = type.items.map((item, index) => decode(item, view, at + (offsets[index] ?? 0), names));
  if (type.names === undefined) return items;
  return Object.fromEntries(type.names.map((name, index) => [name, items[index] ?? 0n]));
}

function decodeArray(
  { of, count }: Type & { kind: 'array' },
  view: DataView,
  at: number,
  names: Names,
): TraceValue {
  const size = of.kind === 'int' ? of.size : of.kind === 'bool' ? 1 : storageSize(of);
  return Array.from({ length: count }, (_, index) => {
    const place = at + index * size;
    if (size > 8 || !isScalar(of)) return decode(of, view, place, names);
    const word = new DataView(new ArrayBuffer(padded(8)));
    for (let byte = 0; byte < size; byte++) word.setUint8(byte, view.getUint8(place + byte));
    const value = word.getBigUint64(0, true);
    return decodeScalar(of, of.kind === 'int' && of.signed ? BigInt.asIntN(size * 8, value) : value, names);
  });
}
