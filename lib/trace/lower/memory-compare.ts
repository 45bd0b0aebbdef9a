/** Text and tuples are equal where all their words are: what is behind the end of a text is zero. */
import { binary, compare, constant, load, type Step, type Value } from '../form/form.js';
import type { BinaryExpression } from '../tree/tree.js';
import { join } from '../types/join.js';
import { storageSize, type Type } from '../types/type.js';
import type { Lowering } from './lowering.js';
import { words } from './store.js';

/** More words are compared by a loop. */
const mostInline = 16;

export function lowerMemoryComparison(lowering: Lowering, given: BinaryExpression, left: Type): Value {
  const isEqual = lowerEquality(lowering, given, left);
  return given.operator === '!=' ? compare('==', isEqual, 0) : isEqual;
}

function lowerEquality(lowering: Lowering, given: BinaryExpression, left: Type): Value {
  const text = lowering.typing.literal(given.right);
  if (typeof text === 'string' && left.kind === 'string')
    return lowerTextEquality(lowering, given, text, left.size);
  const type = join(left, lowering.typing.valueType(given.right)) ?? left;
  const { value, next } = lowering.before(lowering.lowerAs(given.left, type), () =>
    lowering.lowerAs(given.right, type),
  );
  const size = storageSize(type);
  return size > mostInline * 8
    ? compareByLoop(lowering, value, next, size)
    : difference(lowering, value, next, size);
}

/** A text of the script stands in the instructions. One that is longer than what it is compared with is another. */
function lowerTextEquality(lowering: Lowering, given: BinaryExpression, text: string, room: number): Value {
  const bytes = Buffer.alloc(Math.ceil((text.length + 1) / 8) * 8);
  bytes.write(text, 'latin1');
  const value = lowering.pin(
    lowering.lowerAs(given.left, { kind: 'string', size: Math.max(room, text.length + 1) }),
  );
  const equal = words(bytes).map((word, at) => compare('==', load(value, at * 8), constant(word)));
  return allOf(lowering, equal);
}

function difference(lowering: Lowering, left: Value, right: Value, size: number): Value {
  const [one, other] = [lowering.pin(left), lowering.pin(right)];
  const equal = Array.from({ length: size / 8 }, (_, at) =>
    compare('==', load(one, at * 8), load(other, at * 8)),
  );
  return allOf(lowering, equal);
}

/** 1 where all are true; those behind the first that is not are not looked at. */
function allOf(lowering: Lowering, conditions: readonly Value[]): Value {
  const slot = lowering.slot();
  lowering.push({ op: 'set', slot, value: constant(0) });
  const steps = conditions.reduceRight<readonly Step[]>(
    (inner, condition) => [{ op: 'if', condition, whenTrue: inner, whenFalse: [] }],
    [{ op: 'set', slot, value: constant(1) }],
  );
  for (const step of steps) lowering.push(step);
  return { op: 'local', slot };
}

function compareByLoop(lowering: Lowering, left: Value, right: Value, size: number): Value {
  const [one, other] = [lowering.pin(left), lowering.pin(right)];
  const [result, at] = [lowering.slot(), lowering.slot()];
  lowering.push({ op: 'set', slot: result, value: constant(1) });
  lowering.push({ op: 'set', slot: at, value: constant(0) });
  const index: Value = { op: 'local', slot: at };
  const body: Step[] = [
    { op: 'if', condition: compare('>=', index, size), whenTrue: [{ op: 'break' }], whenFalse: [] },
    {
      op: 'if',
      condition: compare('!=', load(binary('+', one, index)), load(binary('+', other, index))),
      whenTrue: [{ op: 'set', slot: result, value: constant(0) }, { op: 'break' }],
      whenFalse: [],
    },
  ];
  lowering.push({ op: 'loop', body, next: [{ op: 'set', slot: at, value: binary('+', index, 8) }] });
  return { op: 'local', slot: result };
}
