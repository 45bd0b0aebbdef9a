/** Which bucket of a histogram a number is in. */
import { binary, compare, constant, type Step, type Value } from '../form/form.js';
import { type AggregateType, histogramBuckets } from '../types/type.js';
import type { Lowering } from './lowering.js';

export function addToHistogram(
  lowering: Lowering,
  to: Value,
  value: Value,
  { bits = 0, signed }: AggregateType,
): void {
  const index = lowering.slot();
  const small: Step[] = [{ op: 'set', slot: index, value: binary('+', value, 1) }];
  const large = lowering.capture(() => {
    const power = logarithm(lowering, value);
    const part = binary('&', binary('>>', value, binary('-', power, bits)), 2 ** bits - 1);
    const first = binary('<<', binary('+', binary('-', power, bits), 1), bits);
    lowering.push({ op: 'set', slot: index, value: binary('+', binary('+', first, part), 1) });
  });
  const positive: Step = {
    op: 'if',
    condition: compare('<', value, 2 ** bits),
    whenTrue: small,
    whenFalse: large,
  };
  const negative: Step[] = [{ op: 'set', slot: index, value: constant(0) }];
  if (signed)
    lowering.push({
      op: 'if',
      condition: compare('s<', value, 0),
      whenTrue: negative,
      whenFalse: [positive],
    });
  else lowering.push(positive);
  const count = histogramBuckets(bits);
  lowering.push({ op: 'add-element', to, index: { op: 'local', slot: index }, count, value: constant(1) });
}

/** The place of the highest bit, found by halves. */
function logarithm(lowering: Lowering, value: Value): Value {
  const [power, rest] = [lowering.slot(), lowering.slot()];
  const [result, left]: [Value, Value] = [
    { op: 'local', slot: power },
    { op: 'local', slot: rest },
  ];
  lowering.push({ op: 'set', slot: power, value: constant(0) });
  lowering.push({ op: 'set', slot: rest, value });
  for (const half of [32, 16, 8, 4, 2, 1]) {
    const whenTrue: Step[] = [
      { op: 'set', slot: rest, value: binary('>>', left, half) },
      { op: 'set', slot: power, value: binary('+', result, half) },
    ];
    lowering.push({
      op: 'if',
      condition: compare('!=', binary('>>', left, half), 0),
      whenTrue,
      whenFalse: [],
    });
  }
  return result;
}

export function addToLinear(lowering: Lowering, to: Value, value: Value, { bounds }: AggregateType): void {
  if (bounds === undefined) return;
  const { min, max, step } = bounds;
  const count = Number((max - min) / step) + 2;
  const index = lowering.slot();
  const inside: Step[] = [
    {
      op: 'set',
      slot: index,
      value: binary('+', binary('/', binary('-', value, constant(min)), constant(step)), 1),
    },
  ];
  const notBelow: Step = {
    op: 'if',
    condition: compare('s>=', value, constant(max)),
    whenTrue: [{ op: 'set', slot: index, value: constant(count - 1) }],
    whenFalse: inside,
  };
  lowering.push({
    op: 'if',
    condition: compare('s<', value, constant(min)),
    whenTrue: [{ op: 'set', slot: index, value: constant(0) }],
    whenFalse: [notBelow],
  });
  lowering.push({ op: 'add-element', to, index: { op: 'local', slot: index }, count, value: constant(1) });
}
