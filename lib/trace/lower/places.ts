/** What is in memory of the kernel or of a process: its address first, then what is there. */
import { binary, offsetBy, type Value } from '../form/form.js';
import type { Expression, FieldExpression, IndexExpression } from '../tree/tree.js';
import { argument, field, isArguments, spaceOf } from '../types/parts.js';
import { isScalar, languageSize, type Space, type Type, tupleOffsets } from '../types/type.js';
import type { Lowering } from './lowering.js';
import { lookUp, lowerKey } from './maps.js';
import { asNumber, type Place, read, type Where } from './read-place.js';

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
 * `&x`: where a variable, the value of a map (0 where there is none) or a field is. As a number, for the verifier refuses
 * most arithmetic on pointers.
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
