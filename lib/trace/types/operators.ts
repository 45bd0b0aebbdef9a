/** Types of what operators give: numbers have 64 bits, comparisons are true or false. */
import type { BinaryExpression, StepExpression, UnaryExpression } from '../tree/tree.js';
import { typeText } from './join.js';
import { spaceOf } from './parts.js';
import { bool, type IntType, int64, isScalar, type Type, uint64 } from './type.js';
import type { Typing } from './typing.js';

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=', '&&', '||']);
const compared = new Set(['string', 'buffer', 'tuple', 'array', 'inet', 'kstack', 'ustack', 'usym']);

export function operatorType(typing: Typing, given: BinaryExpression): Type {
  const left = typing.valueType(given.left);
  const right = typing.valueType(given.right);
  if (comparisons.has(given.operator)) return comparisonType(typing, given, left, right);
  for (const [type, at] of [
    [left, given.left],
    [right, given.right],
  ] as const)
    if (!isScalar(type))
      throw typing.refuse(at, `${given.operator} is of numbers, and this is ${typeText(type)}`);
  if (left.kind === 'pointer' && (given.operator === '+' || given.operator === '-'))
    return right.kind === 'pointer' ? int64 : left;
  if (right.kind === 'pointer' && given.operator === '+') return right;
  if (given.operator === '-') return int64;
  if (given.operator === '<<' || given.operator === '>>') return isSignedNumber(left) ? int64 : uint64;
  return isSignedPair(left, right) ? int64 : uint64;
}

function comparisonType(typing: Typing, given: BinaryExpression, left: Type, right: Type): Type {
  if (given.operator === '==' || given.operator === '!=') {
    const isAlike = isScalar(left) === isScalar(right);
    if (isAlike && (isScalar(left) || compared.has(left.kind))) return bool;
    if (left.kind === 'unknown' || right.kind === 'unknown') return bool;
    throw typing.refuse(given, `${typeText(left)} and ${typeText(right)} cannot be compared`);
  }
  for (const [type, at] of [
    [left, given.left],
    [right, given.right],
  ] as const)
    if (!isScalar(type) && type.kind !== 'string')
      throw typing.refuse(at, `${given.operator} is of numbers, and this is ${typeText(type)}`);
  return bool;
}

/** Two numbers are compared and computed with as signed where one of them may be negative. */
export function isSignedPair(left: Type, right: Type): boolean {
  const [one, other] = [left, right].map(type => (type.kind === 'int' ? type : uint64)) as [IntType, IntType];
  if (one.isLiteral && other.isLiteral) return true;
  if (one.isLiteral) return other.signed;
  return other.isLiteral ? one.signed : one.signed || other.signed;
}

export function isSignedNumber(type: Type): boolean {
  return type.kind === 'int' && type.signed;
}

export function unaryType(typing: Typing, given: UnaryExpression): Type {
  const literal = given.operator === '-' ? typing.literal(given) : undefined;
  const operand = given.operator === '&' ? typing.typeOf(given.operand) : typing.valueType(given.operand);
  if (typeof literal === 'bigint') {
    const size = ([1, 2, 4, 8] as const).find(each => BigInt.asIntN(each * 8, literal) === literal) ?? 8;
    return { kind: 'int', size, signed: true };
  }
  switch (given.operator) {
    case '!':
      return bool;
    case '*':
      return pointed(typing, given, operand);
    case '&':
      return addressType(typing, given, operand);
    case '~':
      return operand.kind === 'int'
        ? {
            kind: 'int',
            size: operand.isLiteral ? 8 : operand.size,
            signed: operand.signed && !operand.isLiteral,
          }
        : uint64;
    default:
      return int64;
  }
}

function addressType(typing: Typing, { operand }: UnaryExpression, type: Type): Type {
  if (operand.kind === 'variable' || operand.kind === 'map')
    return { kind: 'pointer', to: type, space: 'kernel' };
  if (operand.kind === 'field' || operand.kind === 'index' || operand.kind === 'unary')
    return { kind: 'pointer', to: type, space: spaceOf(typing, operand) };
  throw typing.refuse(operand, 'this has no address', '& is of variables, maps, fields and elements');
}

/** What a pointer points to; a number is taken for the address of one. */
function pointed(typing: Typing, given: UnaryExpression, operand: Type): Type {
  if (operand.kind === 'pointer' && operand.to.kind !== 'none') return operand.to;
  if (operand.kind === 'int' || operand.kind === 'unknown' || operand.kind === 'pointer') return uint64;
  throw typing.refuse(given, `* is of pointers, and this is ${typeText(operand)}`);
}

export function stepType(typing: Typing, given: StepExpression): Type {
  const { operand, operator } = given;
  if (operand.kind !== 'variable' && operand.kind !== 'map')
    throw typing.refuse(given, `${operator} is of variables and maps`);
  const before = typing.valueType(operand);
  const after = before.kind === 'pointer' ? before : int64;
  if (operand.kind === 'map') typing.assignMap(operand, after, given);
  else typing.assignVariable(operand.name, after, given);
  return after;
}
