/** Assignments: to variables, to maps, by aggregations, and `++`. */
import { binary, constant, load, type Value } from '../form/form.js';
import type { AssignStatement, LetStatement, StepExpression } from '../tree/tree.js';
import { isAggregation } from '../types/statements.js';
import { isScalar, languageSize, storageSize, type Type } from '../types/type.js';
import { aggregate } from './aggregates.js';
import { arithmetic, scaled } from './binary.js';
import type { Lowering } from './lowering.js';
import { assignMap } from './maps.js';
import { store } from './store.js';

export function lowerAssignment(lowering: Lowering, given: AssignStatement): void {
  const { target, operator, value } = given;
  if (operator !== undefined) {
    lowerCompound(lowering, given, operator);
    return;
  }
  if (target.kind === 'map') {
    const type = lowering.type(value);
    if (value.kind === 'block' && value.value && type.kind === 'aggregate' && isAggregation(value)) {
      lowering.lowerStatements(value.body);
      lowerAssignment(lowering, { ...given, value: value.value });
      return;
    }
    if (value.kind === 'call' && type.kind === 'aggregate') {
      aggregate(lowering, target, value, type);
      return;
    }
    assignMap(lowering, target, lowering.lower(value), lowering.typing.valueType(value));
  }
  if (target.kind === 'variable')
    assignVariable(lowering, target.name, lowering.lower(value), lowering.typing.valueType(value));
}

function lowerCompound(lowering: Lowering, { target, value }: AssignStatement, operator: string): void {
  const [left, right] = [lowering.typing.valueType(target), lowering.typing.valueType(value)];
  const { value: before, next } = lowering.before(lowering.lower(target), () => lowering.lower(value));
  const after = arithmetic(operator, scaled(before, right), scaled(next, left), left, right);
  assign(lowering, target, lowering.pin(after), left);
}

function assign(lowering: Lowering, target: AssignStatement['target'], value: Value, type: Type): void {
  if (target.kind === 'map') assignMap(lowering, target, value, type);
  else if (target.kind === 'variable') assignVariable(lowering, target.name, value, type);
}

export function assignVariable(lowering: Lowering, name: string, value: Value, type: Type): void {
  const to = lowering.variable(name);
  if (to.op === 'local') lowering.push({ op: 'set', slot: to.slot, value });
  else store(lowering, to, value, type, lowering.variableType(name));
}

/** `let $x;` begins anew each time that it is reached. */
export function lowerLet(lowering: Lowering, { name, value }: LetStatement): void {
  if (value) {
    assignVariable(lowering, name, lowering.lower(value), lowering.typing.valueType(value));
    return;
  }
  const to = lowering.variable(name);
  if (to.op === 'local') {
    lowering.push({ op: 'set', slot: to.slot, value: constant(0) });
    return;
  }
  lowering.push({ op: 'zero', to, size: storageSize(lowering.variableType(name)) });
}

export function lowerStep(lowering: Lowering, { operand, operator, isPrefix }: StepExpression): Value {
  const type = lowering.typing.valueType(operand);
  const size = type.kind === 'pointer' && type.to.kind !== 'none' ? languageSize(type.to) : 1;
  const before = lowering.pin(lowering.lower(operand));
  const kept = before.op === 'local' ? copyOf(lowering, before) : before;
  const after = lowering.pin(binary(operator === '++' ? '+' : '-', kept, size));
  assign(lowering, operand, after, type);
  return isPrefix ? after : kept;
}

/** A variable's word is its own: the value before is another. */
function copyOf(lowering: Lowering, value: Value): Value {
  const slot = lowering.slot();
  lowering.push({ op: 'set', slot, value });
  return { op: 'local', slot };
}

export function scalarOr(address: Value, type: Type): Value {
  return isScalar(type) ? load(address) : address;
}
