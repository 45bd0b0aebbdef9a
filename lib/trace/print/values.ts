/** Records and elements of maps to JavaScript values. */
import { isScalar, type StringType, type Type, tupleOffsets } from '../types/type.js';
import { bytesAt, decodeArray, decodeStruct, integerValue, textAt } from './memory.js';
import type { Names } from './names.js';
import { Named, type TraceValue } from './value.js';

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
      return `${textAt(view, at, type.size)}${isCut(type, view, at) ? type.trailer : ''}`;
    case 'buffer':
      return bytesAt(view, at + 8, Math.min(type.size, Number(view.getBigUint64(at, true))));
    case 'tuple':
      return decodeTuple(type, view, at, names);
    case 'array':
      return decodeArray(type, view, at);
    case 'struct':
      return decodeStruct(type, view, at);
    default:
      return names.decode(type, view, at);
  }
}

/** A text without a NUL was longer than what there was room for. */
function isCut({ size, trailer }: StringType, view: DataView, at: number): boolean {
  return trailer !== undefined && bytesAt(view, at, size).at(-1) !== 0;
}

function decodeScalar(type: Type, word: bigint, names: Names): TraceValue {
  switch (type.kind) {
    case 'bool':
      return word !== 0n;
    case 'int':
      return integerValue(type, type.signed ? BigInt.asIntN(64, word) : word);
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

function decodeTuple(type: Type & { kind: 'tuple' }, view: DataView, at: number, names: Names): TraceValue {
  const offsets = tupleOffsets(type);
  const items = type.items.map((item, index) => decode(item, view, at + (offsets[index] ?? 0), names));
  if (type.names === undefined) return items;
  return Object.fromEntries(type.names.map((name, index) => [name, items[index] ?? 0n]));
}
