/** Lists of texts that end with a pointer to nothing, as arguments of programs. */
import { binary, compare, constant, helper, load, offsetBy, type Step, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression } from '../tree/tree.js';
import { none, type Space, type Type } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { argumentAt } from './time.js';

export const join: FunctionRow = { name: 'join', takes: [1, 2], type: joinType, lower: lowerJoin };

/** Texts that join takes, and the bytes of each. */
const joined = { count: 16, size: 256 } as const;

function joinType(call: CallExpression, typing: Typing): Type {
  typing.typeOf(argumentAt(call, 0));
  if (call.arguments.length > 1) typing.text(call.arguments[1], call, 'the separator');
  return none;
}

function lowerJoin(call: CallExpression, lowering: Lowering): Value {
  const separator =
    call.arguments.length > 1 ? lowering.typing.text(call.arguments[1], call, 'the separator') : ' ';
  const type = lowering.type(argumentAt(call, 0));
  const space = type.kind === 'pointer' ? type.space : lowering.typing.space;
  const list = lowering.pin(lowering.lower(argumentAt(call, 0)));
  const values = Array.from({ length: joined.count }, (): Type => ({ kind: 'string', size: joined.size }));
  const size = 8 + joined.count * joined.size;
  const record = lowering.frame(size);
  const pointer = lowering.frame(8);
  lowering.push({ op: 'zero', to: record, size });
  lowering.steps.push(...readTexts({ list, record, pointer, space }));
  lowering.emit({ kind: 'join', separator, values, span: call }, record, size);
  return constant(0);
}

interface Joined {
  readonly list: Value;
  readonly record: Value;
  /** Memory for the pointer to a text. */
  readonly pointer: Value;
  readonly space: Space;
}

/** From that one on. The list ends at a pointer to nothing: what is behind that is not its own. */
function readTexts(given: Joined, at = 0): Step[] {
  if (at === joined.count) return [];
  const { list, record, pointer, space } = given;
  const to = offsetBy(record, 8 + at * joined.size);
  const text = helper(`probe_read_${space}_str`, to, joined.size, load(pointer));
  const whenTrue: Step[] = [{ op: 'do', value: text }, ...readTexts(given, at + 1)];
  return [
    { op: 'store', to: pointer, offset: 0, size: 8, value: constant(0) },
    { op: 'do', value: helper(`probe_read_${space}`, pointer, 8, binary('+', list, at * 8)) },
    { op: 'if', condition: compare('!=', load(pointer), 0), whenTrue, whenFalse: [] },
  ];
}
