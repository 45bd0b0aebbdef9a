/** Text in text. */
import { binary, compare, constant, load, type Step, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression } from '../tree/tree.js';
import { bool, int64, type Type } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { type Text, textOf } from './text-argument.js';
import { argumentAt } from './time.js';

export const search: readonly FunctionRow[] = [
  { name: 'strstr', takes: [2, 2], type: typed(int64), lower: lowerSearch },
  {
    name: 'strcontains',
    takes: [2, 2],
    type: typed(bool),
    lower: (call, lowering) => compare('s>=', lowerSearch(call, lowering), 0),
  },
];

function typed(type: Type) {
  return (call: CallExpression, typing: Typing): Type => {
    for (const each of call.arguments) typing.typeOf(each);
    return type;
  };
}

/** What bpftrace's strstr() answers where there is none: -ENOENT. */
const absent = -2;

/** Where the first text has the second. @since Linux 5.17 (bpf_loop() in kernel/bpf/bpf_iter.c) */
function lowerSearch(call: CallExpression, lowering: Lowering): Value {
  const [text, part] = [0, 1].map(at => textOf(lowering, argumentAt(call, at))) as [Text, Text];
  const [result, at, place, isFound] = [lowering.slot(), lowering.slot(), lowering.slot(), lowering.slot()];
  const set = (slot: number, value: Value): Step => ({ op: 'set', slot, value });
  const local = (slot: number): Value => ({ op: 'local', slot });
  lowering.push(set(result, constant(absent)));
  const start: Value = { op: 'parameter', number: 1 };
  const body: Step[] = [
    when(compare('>=', start, text.size), [{ op: 'break' }]),
    set(at, constant(0)),
    set(isFound, constant(0)),
    { op: 'loop', body: compareHere(), next: [set(at, binary('+', local(at), 1))] },
    when(compare('!=', local(isFound), 0), [set(result, start), { op: 'break' }]),
    set(place, binary('&', start, mask(text.size))),
    when(compare('==', byteOf(text, local(place)), 0), [{ op: 'break' }]),
  ];
  lowering.push({ op: 'call-each', over: { times: constant(text.size) }, body });
  return local(result);

  /** The end of the part is the end of the comparison; a text that ends before is another. */
  function compareHere(): Step[] {
    const found: Step[] = [set(isFound, constant(1)), { op: 'break' }];
    return [
      when(compare('>=', local(at), part.size), found),
      when(compare('==', byteOf(part, local(at)), 0), found),
      set(place, binary('&', binary('+', start, local(at)), mask(text.size * 2))),
      when(compare('>=', local(place), text.size), [{ op: 'break' }]),
      when(compare('!=', byteOf(text, local(place)), byteOf(part, local(at))), [{ op: 'break' }]),
    ];
  }
}

function when(condition: Value, whenTrue: readonly Step[]): Step {
  return { op: 'if', condition, whenTrue, whenFalse: [] };
}

/** Of the next power of two: a number that the verifier sees is in bounds. */
function mask(size: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, size))) - 1;
}

function byteOf(text: Text, index: Value): Value {
  return load(binary('+', text.address, index), 0, 1);
}
