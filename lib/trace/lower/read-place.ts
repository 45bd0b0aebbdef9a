/** Reads places: of the program's own memory as it is, of the kernel's and of processes by a copy. */
import {
  type Arithmetic,
  binary,
  constant,
  helper,
  load,
  offsetBy,
  type Size,
  type Value,
} from '../form/form.js';
import { isScalar, languageSize, padded, type Space, storageSize, type Type } from '../types/type.js';
import type { Lowering } from './lowering.js';

/** `memory` is the program's own, which it may read as it is. */
export type Where = Space | 'memory' | 'context';

export interface Place {
  readonly address: Value;
  readonly where: Where;
  readonly type: Type;
  readonly bits?: { readonly offset: number; readonly width: number };
  /** Bytes of a number, where it has fewer than its type. */
  readonly size?: number;
}

/** A pointer that was in memory is a number. */
export function asNumber(lowering: Lowering, value: Value): Value {
  const to = lowering.frame(8);
  lowering.push({ op: 'store', to, offset: 0, size: 8, value });
  return lowering.pin(load(to));
}

/** The value at a place: a number, or the address of a copy that the program may read. */
export function read(lowering: Lowering, place: Place): Value {
  const { type, address, where, bits } = place;
  if (!isScalar(type)) return readMemory(lowering, place);
  const size = (place.size ?? (type.kind === 'tuple' ? 8 : languageSize(type))) as Size;
  const signed = type.kind === 'int' && type.signed;
  if (where === 'memory' && place.size === undefined && !bits) return load(address);
  if (bits) return readBits(lowering, place, bits);
  if (where === 'memory') return load(address, 0, size, signed);
  if (where === 'context') return readContext(lowering, address, size, signed);
  const from = readSafely(lowering, address, where, size);
  return load(from, 0, size, signed);
}

/** A pointer of an iterator may be NULL, and the verifier refuses arithmetic on it: it is read as a number. */
function readContext(lowering: Lowering, address: Value, size: Size, signed: boolean): Value {
  const offset = address.op === 'binary' && address.right.op === 'constant' ? Number(address.right.value) : 0;
  const value = load({ op: 'context' }, offset, size, signed);
  return lowering.unit.plan.trigger.kind === 'iter' && size === 8 ? asNumber(lowering, value) : value;
}

/** A copy on the stack of up to 8 bytes. */
function readSafely(lowering: Lowering, address: Value, where: Space, size: number): Value {
  const to = lowering.frame(8);
  lowering.push({ op: 'do', value: helper(`probe_read_${where}`, to, size, address) });
  return to;
}

function readBits(
  lowering: Lowering,
  { address, where, type }: Place,
  { offset, width }: { offset: number; width: number },
): Value {
  const [byte, bit] = [Math.floor(offset / 8), offset % 8];
  const space = where === 'user' ? 'user' : 'kernel';
  const size = Math.ceil((bit + width) / 8);
  const to = lowering.frame(8);
  lowering.push({ op: 'store', to, offset: 0, size: 8, value: constant(0) });
  lowering.push({
    op: 'do',
    value: helper(`probe_read_${space}`, to, Math.min(8, size), offsetBy(address, byte)),
  });
  const signed = type.kind === 'int' && type.signed;
  const shift: Arithmetic = signed ? 's>>' : '>>';
  return binary(shift, binary('<<', load(to), 64 - width - bit), 64 - width);
}

function readMemory(lowering: Lowering, { type, address, where }: Place): Value {
  if (where === 'memory') return address;
  const space = where === 'user' ? 'user' : 'kernel';
  if (type.kind === 'string') return readText(lowering, type.size, space, address);
  const size = storageSize(type);
  const to = lowering.frame(size);
  const bytes = type.kind === 'struct' || type.kind === 'array' ? languageSize(type) : size;
  lowering.push({ op: 'zero', to, size });
  lowering.push({ op: 'do', value: helper(`probe_read_${space}`, to, bytes, address) });
  return to;
}

/** An array that is full of letters has no NUL: the helper writes one behind the last, where there is room for it. */
function readText(lowering: Lowering, size: number, space: Space, address: Value): Value {
  const to = lowering.frame(size + 1);
  lowering.push({ op: 'zero', to, size: padded(size + 1) });
  lowering.push({ op: 'do', value: helper(`probe_read_${space}_str`, to, size + 1, address) });
  return to;
}
