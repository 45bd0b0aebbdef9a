/** Checks: while the script runs, and before. */
import { constant, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression, Expression, Statement } from '../tree/tree.js';
import { none, type Type } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { argumentAt } from './time.js';

export const checks: readonly FunctionRow[] = [
  { name: 'assert', takes: [2, 2], type: assertType, lower: lowerAssert },
  { name: 'static_assert', takes: [2, 2], type: assertType, lower: lowerStaticAssert },
];

function assertType(call: CallExpression, typing: Typing): Type {
  typing.typeOf(argumentAt(call, 0));
  typing.typeOf(argumentAt(call, 1));
  return none;
}

/** Says what was wrong, and ends the script with code 1. */
function lowerAssert(call: CallExpression, lowering: Lowering): Value {
  const { start, end } = call;
  const literal = (value: bigint | string): Expression => ({ kind: 'literal', value, start, end });
  const does = (name: string, ...list: Expression[]): Statement => ({
    kind: 'expression',
    expression: { kind: 'call', name, arguments: list, start, end },
    start,
    end,
  });
  const operand = argumentAt(call, 0);
  const condition: Expression = { kind: 'unary', operator: '!', operand, start, end };
  const whenTrue = [
    does('errorf', literal('assert failed: %s'), argumentAt(call, 1)),
    does('exit', literal(1n)),
  ];
  lowering.lowerStatements([{ kind: 'if', condition, whenTrue, whenFalse: [], start, end }]);
  return constant(0);
}

function lowerStaticAssert(call: CallExpression, lowering: Lowering): Value {
  const value = known(lowering.lower(argumentAt(call, 0)));
  if (value === undefined)
    throw lowering.refuse(argumentAt(call, 0), 'this is only known when the script runs', 'use assert()');
  if (value === 0n) throw lowering.refuse(call, lowering.typing.text(call.arguments[1], call, 'the message'));
  return constant(0);
}

const computed: Readonly<Record<string, (left: bigint, right: bigint) => bigint | boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  's<': (left, right) => left < right,
  's<=': (left, right) => left <= right,
  's>': (left, right) => left > right,
  's>=': (left, right) => left >= right,
  '<': (left, right) => BigInt.asUintN(64, left) < BigInt.asUintN(64, right),
  '<=': (left, right) => BigInt.asUintN(64, left) <= BigInt.asUintN(64, right),
  '>': (left, right) => BigInt.asUintN(64, left) > BigInt.asUintN(64, right),
  '>=': (left, right) => BigInt.asUintN(64, left) >= BigInt.asUintN(64, right),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
};

/** The number of a value that is computed of constants. */
function known(value: Value): bigint | undefined {
  if (value.op === 'constant') return value.value;
  if (value.op !== 'compare' && value.op !== 'binary') return undefined;
  const [left, right] = [known(value.left), known(value.right)];
  if (left === undefined || right === undefined) return undefined;
  const result = computed[value.operator]?.(left, right);
  return result === undefined ? undefined : BigInt.asIntN(64, BigInt(result));
}
