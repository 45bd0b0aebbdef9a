/** What is in memory of the kernel or of a process: its address first, then what is there. */
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
import type { Expression, FieldExpression, IndexExpression } from '../tree/tree.js';
import { argument, field, isArguments, spaceOf } from '../types/parts.js';
import {
  isScalar,
  languageSize,
  padded,
  type Space,
  storageSize,
  type Type,
  tupleOffsets,
} from '../types/type.js';
import type { Lowering } from './lowering.js';
import { lookUp, lowerKey } from './maps.js';

/** `memory` is the program's own, which it may read as it is. */
type Where = Space | 'memory' | 'context';

interface Place {
  readonly address: Value;
  readonly where: Where;
  readonly type: Type;
  readonly bits?: { readonly offset: number; readonly width: number };
  /** Bytes of a number, where it has fewer than its type. */
  readonly size?: number;
}

/** Reads `x.y`, `x[i]`, `*x` and `args.x`. */
export function lowerPlace(lowering: Lowering, given: Expression): Value {
  const place = placeOf(lowering, given);
  return place === undefined ? lowering.lower(given) : read(lowering, place);
}

function placeOf(lowering: Lowering, given: Expression): Place | undefined {
  if (given.kind === 'field') return fieldPlace(lowering, given);
  if (given.kind === 'index') return indexPlace(lowering, given);
  if (given.kind !== 'unary' || given.operator !== '*') return undefined;
  const where = spaceOf(lowering.typing, given);
  return { address: lowering.lower(given.operand), where, type: lowering.type(given) };
}

function fieldPlace(lowering: Lowering, given: FieldExpression): Place {
  if (isArguments(lowering, given.of)) return argumentPlace(lowering, given);
  const of = lowering.type(given.of);
  if (of.kind === 'tuple')
    return partPlace(lowering, given.of, of, of.names ? of.names.indexOf(given.name) : Number(given.name));
  const { offset, type, bits, space } = field(lowering.typing, given, of);
  const base = baseOf(lowering, given.of, of, space);
  return {
    address: offsetBy(base.address, offset),
    where: isScalar(type) ? base.where : copied(base.where),
    type,
    ...(isScalar(type) && { size: languageSize(type) }),
    ...(bits && { bits: { ...bits, offset: bits.offset - offset * 8 } }),
  };
}

/** Memory of the program's own is read as the kernel's where a part's place is not known before, or its end is not its own. */
function copied(where: Where): Where {
  return where === 'memory' || where === 'context' ? 'kernel' : where;
}

function argumentPlace(lowering: Lowering, given: FieldExpression): Place {
  const { offset, type, size, isDataLocation } = argument(lowering.typing, given);
  if (!isDataLocation) return { address: offsetBy({ op: 'context' }, offset), where: 'context', type, size };
  // The low half of the word says where in the record the string begins.
  const word: Value = { op: 'load', from: { op: 'context' }, offset, size: 4 };
  const address = binary('+', { op: 'context' }, binary('&', word, 0xffff));
  const slot = lowering.frame(8);
  lowering.push({ op: 'store', to: slot, offset: 0, size: 8, value: address });
  return { address: slot, where: 'memory', type };
}

/**
 * `&x`: where a variable, the value of a map (0 where there is none) or a field is. As a number, for the verifier lets
 * nobody compute with a pointer.
 */
export function lowerAddress(lowering: Lowering, operand: Expression): Value {
  return asNumber(lowering, addressOf(lowering, operand));
}

/** Where an array or text in memory of the kernel or a process is, and whose memory that is; undefined of other values. */
export function arrayAddress(
  lowering: Lowering,
  given: Expression,
): { readonly address: Value; readonly space: Space } | undefined {
  if (given.kind !== 'field' && given.kind !== 'index') return undefined;
  const type = lowering.type(given);
  if ((type.kind !== 'array' && type.kind !== 'string') || lowering.type(given.of).kind === 'tuple')
    return undefined;
  const place = placeOf(lowering, given);
  if (place === undefined || place.where === 'context') return undefined;
  return { address: place.address, space: place.where === 'user' ? 'user' : 'kernel' };
}

/** A pointer that was in memory is a number. */
export function asNumber(lowering: Lowering, value: Value): Value {
  const to = lowering.frame(8);
  lowering.push({ op: 'store', to, offset: 0, size: 8, value });
  return lowering.pin(load(to));
}

function addressOf(lowering: Lowering, operand: Expression): Value {
  if (operand.kind === 'map') return lookUp(lowering, operand.name, lowerKey(lowering, operand));
  if (operand.kind !== 'variable') return placeOf(lowering, operand)?.address ?? lowering.lower(operand);
  const place = lowering.variable(operand.name);
  return place.op === 'local' ? { op: 'stack', slot: place.slot } : place;
}

/** The address of what a pointer points to, or of a struct by value. */
function baseOf(
  lowering: Lowering,
  given: Expression,
  type: Type,
  space: Space,
): { address: Value; where: Where } {
  if (type.kind === 'pointer') return { address: lowering.lower(given), where: space };
  const place = placeOf(lowering, given);
  return place ?? { address: lowering.lower(given), where: 'memory' };
}

function partPlace(lowering: Lowering, of: Expression, type: Type & { kind: 'tuple' }, at: number): Place {
  const offset = tupleOffsets(type)[at] ?? 0;
  return { address: offsetBy(lowering.lower(of), offset), where: 'memory', type: type.items[at] ?? type };
}

function indexPlace(lowering: Lowering, given: IndexExpression): Place {
  const of = lowering.type(given.of);
  const type = lowering.type(given);
  if (of.kind === 'tuple')
    return partPlace(lowering, given.of, of, Number(lowering.typing.literal(given.index) ?? 0n));
  const base = baseOf(
    lowering,
    given.of,
    of,
    of.kind === 'pointer' ? of.space : spaceOf(lowering.typing, given.of),
  );
  const { value, next: index } = lowering.before(base.address, () => lowering.lower(given.index));
  const size = languageSize(type);
  const bytes = of.kind === 'buffer' ? 8 : 0;
  if (index.op === 'constant')
    return { ...base, address: offsetBy(value, Number(index.value) * size + bytes), type, size };
  const where = copied(base.where);
  return { address: binary('+', binary('+', value, bytes), binary('*', index, size)), where, type, size };
}

/** The value at a place: a number, or the address of a copy that the program may read. */
function read(lowering: Lowering, place: Place): Value {
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

/** What an iterator points to is a number from here on: the verifier lets nobody compute with what may be nothing. */
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
