/** Functions that are assigned to maps alone: `@x = count()`. */
import { constant } from '../form/form.js';
import type { CallExpression } from '../tree/tree.js';
import { typeText } from '../types/join.js';
import { type AggregateName, type AggregateType, isScalar, type Type } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';

export const aggregations: readonly FunctionRow[] = [
  row('count', [0, 0]),
  ...(['sum', 'avg', 'min', 'max', 'stats'] as const).map(name => row(name, [1, 1])),
  row('hist', [1, 2], histogram),
  row('lhist', [4, 4], linear),
];

function row(
  name: AggregateName,
  takes: readonly [number, number],
  more: (call: CallExpression, typing: Typing) => Partial<AggregateType> = () => ({}),
): FunctionRow {
  const type = (call: CallExpression, typing: Typing): Type => {
    const signed = requireNumbers(call, typing);
    return { kind: 'aggregate', name, signed, ...more(call, typing) };
  };
  const lower: FunctionRow['lower'] = (call, lowering) => {
    if (lowering.unit.types.has(call))
      throw lowering.refuse(call, `${name}() is assigned to a map, as @x = ${name}(…)`);
    return constant(0);
  };
  return { name, takes, type, lower };
}

/** True where the first may be negative. */
function requireNumbers(call: CallExpression, typing: Typing): boolean {
  const types = call.arguments.map(each => typing.valueType(each));
  for (const [at, type] of types.entries())
    if (!isScalar(type))
      throw typing.refuse(
        call.arguments[at] ?? call,
        `${call.name} is of numbers, and this is ${typeText(type)}`,
      );
  const [first] = types;
  return first?.kind === 'int' && first.signed;
}

const mostBits = 5n;

function histogram(call: CallExpression, typing: Typing): Partial<AggregateType> {
  const [, given] = call.arguments;
  if (given === undefined) return { bits: 0 };
  const bits = typing.number(given, given, 'the number of bits');
  if (bits < 0n || bits > mostBits)
    throw typing.refuse(given, `a histogram has 0 to ${mostBits} bits, not ${bits}`);
  return { bits: Number(bits) };
}

const mostBuckets = 1_000n;

function linear(call: CallExpression, typing: Typing): Partial<AggregateType> {
  const [min, max, step] = [1, 2, 3].map(at =>
    typing.number(call.arguments[at], call, 'a bound of lhist'),
  ) as [bigint, bigint, bigint];
  if (step <= 0n) throw typing.refuse(call, 'a step of lhist is 1 or more');
  if (max <= min) throw typing.refuse(call, `lhist ends at ${max}, and begins at ${min}`);
  const count = (max - min) / step;
  if (count > mostBuckets)
    throw typing.refuse(call, `lhist has ${count} buckets, and may have ${mostBuckets}`);
  return { bounds: { min, max, step } };
}
