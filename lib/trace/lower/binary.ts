/** Operators of two values. */
import {
  type Arithmetic,
  binary,
  type Comparison,
  compare,
  constant,
  type Step,
  type Value,
} from '../form/form.js';
import type { BinaryExpression, Expression } from '../tree/tree.js';
import { isSignedPair } from '../types/operators.js';
import { isScalar, languageSize, type Type } from '../types/type.js';
import type { Lowering } from './lowering.js';
import { lowerMemoryComparison } from './memory-compare.js';

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);

export function lowerBinary(lowering: Lowering, given: BinaryExpression): Value {
  const { operator } = given;
  const [left, right] = [lowering.typing.valueType(given.left), lowering.typing.valueType(given.right)];
  if (!isScalar(left) || !isScalar(right)) return lowerMemoryComparison(lowering, given, left);
  const { value, next } = lowering.before(lowering.lower(given.left), () => lowering.lower(given.right));
  if (comparisons.has(operator)) {
    const sign = isSignedPair(left, right) && operator !== '==' && operator !== '!=' ? 's' : '';
    return compare(`${sign}${operator}` as Comparison, value, next);
  }
  return arithmetic(operator, scaled(value, right), scaled(next, left), left, right);
}

/** Numbers count elements where they are added to pointers. */
export function scaled(value: Value, other: Type): Value {
  if (other.kind !== 'pointer' || other.to.kind === 'none') return value;
  const size = languageSize(other.to);
  return size <= 1 ? value : binary('*', value, size);
}

export function arithmetic(
  operator: string,
  left: Value,
  right: Value,
  leftType: Type,
  rightType: Type,
): Value {
  const signed = isSignedPair(leftType, rightType);
  if (operator === '/' || operator === '%')
    return binary(`${signed ? 's' : ''}${operator}` as Arithmetic, left, right);
  if (operator === '>>') return shiftRight(left, right);
  return binary(operator as Arithmetic, left, right);
}

/** Literals keep their sign; what is only known when the program runs is shifted as bits, as bpftrace does. */
function shiftRight(left: Value, right: Value): Value {
  return binary(left.op === 'constant' && right.op === 'constant' ? 's>>' : '>>', left, right);
}

/** The second value is looked at only where the first does not decide. */
export function lowerLogical(lowering: Lowering, given: BinaryExpression): Value {
  const slot = lowering.slot(given);
  const isAnd = given.operator === '&&';
  lowering.push({ op: 'set', slot, value: constant(isAnd ? 0 : 1) });
  const condition = lowerTruth(lowering, given.left);
  const decide = lowering.capture(() =>
    lowering.push({ op: 'set', slot, value: compare('!=', lowerTruth(lowering, given.right), 0) }),
  );
  const nothing: Step[] = [];
  lowering.push({
    op: 'if',
    condition,
    whenTrue: isAnd ? decide : nothing,
    whenFalse: isAnd ? nothing : decide,
  });
  return { op: 'local', slot };
}

/** Of text: whether it has any. */
export function lowerTruth(lowering: Lowering, given: Expression): Value {
  const type = lowering.typing.valueType(given);
  const value = lowering.lower(given);
  return type.kind === 'string' ? { op: 'load', from: value, offset: 0, size: 1 } : value;
}
