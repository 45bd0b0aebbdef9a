/** Expressions to values: numbers, or addresses of memory that may be read. */
import { binary, compare, constant, load, type Value } from '../form/form.js';
import { functionOf } from '../functions/table.js';
import type {
  CallExpression,
  CastExpression,
  Expression,
  NameExpression,
  TernaryExpression,
  UnaryExpression,
} from '../tree/tree.js';
import { enumerator } from '../types/from-btf.js';
import {
  isScalar,
  languageSize,
  storageSize,
  type TupleType,
  type Type,
  tupleOffsets,
} from '../types/type.js';
import { lowerStep } from './assign.js';
import { lowerBinary, lowerLogical } from './binary.js';
import type { Lowering } from './lowering.js';
import { lowerMap } from './maps.js';
import { lowerAddress, lowerPlace } from './places.js';
import { readAggregate } from './read-aggregate.js';
import { store, textInFrame } from './store.js';

/** The value, where it is kept: of an aggregation its number. */
export function lower(lowering: Lowering, given: Expression): Value {
  switch (given.kind) {
    case 'literal':
      if (typeof given.value === 'string') return textInFrame(lowering, given.value);
      return constant(typeof given.value === 'boolean' ? Number(given.value) : given.value);
    case 'name':
      return lowerName(lowering, given);
    case 'variable':
      return lowerVariable(lowering, given.name);
    case 'map':
      return lowering.type(given).kind === 'aggregate'
        ? readAggregate(lowering, given)
        : lowerMap(lowering, given);
    case 'call':
      return lowerCall(lowering, given);
    case 'block':
      lowering.lowerStatements(given.body);
      return given.value ? lower(lowering, given.value) : constant(0);
    case 'ternary':
      return lowerTernary(lowering, given);
    default:
      return lowerCompound(lowering, given);
  }
}

function lowerCompound(lowering: Lowering, given: Expression): Value {
  switch (given.kind) {
    case 'unary':
      return lowerUnary(lowering, given);
    case 'step':
      return lowerStep(lowering, given);
    case 'binary':
      if (given.operator === '&&' || given.operator === '||') return lowerLogical(lowering, given);
      return lowerBinary(lowering, given);
    case 'cast':
      return lowerCast(lowering, given);
    case 'tuple':
      return lowerItems(lowering, given.items, lowering.type(given) as TupleType);
    case 'record':
      return lowerItems(
        lowering,
        given.fields.map(({ value }) => value),
        lowering.type(given) as TupleType,
      );
    default:
      return lowerPlace(lowering, given);
  }
}

function lowerName(lowering: Lowering, given: NameExpression): Value {
  const { name, start, end } = given;
  if (functionOf(name) !== undefined)
    return lowerCall(lowering, { kind: 'call', name, arguments: [], start, end });
  const found = lowering.typing.target.btf && enumerator(lowering.typing.target.btf, name);
  return constant(found?.value ?? 0n);
}

function lowerCall(lowering: Lowering, given: CallExpression): Value {
  const row = functionOf(given.name);
  if (row === undefined) throw lowering.refuse(given, `there is no function ${given.name}`);
  return row.lower(given, lowering);
}

function lowerVariable(lowering: Lowering, name: string): Value {
  const place = lowering.variable(name);
  if (place.op === 'local') return place;
  return isScalar(lowering.variableType(name)) ? load(place) : place;
}

function lowerUnary(lowering: Lowering, given: UnaryExpression): Value {
  const literal = lowering.typing.literal(given);
  if (typeof literal === 'bigint') return constant(literal);
  if (given.operator === '*') return lowerPlace(lowering, given);
  if (given.operator === '&') return lowerAddress(lowering, given.operand);
  const operand = lower(lowering, given.operand);
  if (given.operator === '!') return compare('==', operand, 0);
  if (given.operator === '-') return binary('-', constant(0), operand);
  const type = lowering.type(given);
  const inverted = binary('^', operand, -1);
  return type.kind === 'int'
    ? { op: 'extend', size: type.size, signed: type.signed, of: inverted }
    : inverted;
}

/** A value of one type as another, in memory of that type. */
export function lowerAs(lowering: Lowering, given: Expression, as: Type): Value {
  const value = lower(lowering, given);
  const from = lowering.typing.valueType(given);
  if (isScalar(as) || storageSize(from) === storageSize(as)) return value;
  const to = lowering.frame(storageSize(as));
  store(lowering, to, value, from, as);
  return to;
}

function lowerCast(lowering: Lowering, given: CastExpression): Value {
  const [to, from] = [lowering.type(given), lowering.typing.valueType(given.operand)];
  const value = lower(lowering, given.operand);
  if (isScalar(to) && isScalar(from)) {
    if (to.kind === 'bool') return compare('!=', value, 0);
    return to.kind === 'int' ? { op: 'extend', size: to.size, signed: to.signed, of: value } : value;
  }
  if (isScalar(to)) return load(value, 0, Math.min(8, languageSize(to)) as 8, to.kind === 'int' && to.signed);
  if (!isScalar(from)) return value;
  const frame = lowering.frame(Math.max(8, storageSize(to)));
  lowering.push({ op: 'store', to: frame, offset: 0, size: 8, value });
  return frame;
}

function lowerItems(lowering: Lowering, items: readonly Expression[], type: TupleType): Value {
  const frame = lowering.frame(storageSize(type));
  const offsets = tupleOffsets(type);
  for (const [at, item] of items.entries()) {
    const as = type.items[at];
    if (as === undefined || frame.op !== 'frame') continue;
    const to: Value = { op: 'frame', offset: frame.offset + (offsets[at] ?? 0) };
    store(lowering, to, lower(lowering, item), lowering.typing.valueType(item), as);
  }
  return frame;
}

function lowerTernary(lowering: Lowering, given: TernaryExpression): Value {
  const type = lowering.type(given);
  const condition = lower(lowering, given.condition);
  const to: Value = isScalar(type)
    ? { op: 'local', slot: lowering.slot(given) }
    : lowering.frame(storageSize(type));
  const branch = (value: Expression) =>
    lowering.capture(() => {
      const found = lower(lowering, value);
      if (to.op === 'local') lowering.push({ op: 'set', slot: to.slot, value: found });
      else store(lowering, to, found, lowering.typing.valueType(value), type);
    });
  lowering.push({
    op: 'if',
    condition,
    whenTrue: branch(given.whenTrue),
    whenFalse: branch(given.whenFalse),
  });
  return to;
}
