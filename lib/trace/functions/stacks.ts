/** Stacks: how many bytes, then the addresses; of a process also whose it is. */
import { compare, constant, helper, type Step, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression } from '../tree/tree.js';
import type { StackMode, Type } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import { currentIds } from './identity.js';
import type { FunctionRow } from './row.js';

export const stacks: readonly FunctionRow[] = [
  { name: 'kstack', takes: [0, 2], type: stackType('kstack'), lower: lowerStack },
  { name: 'ustack', takes: [0, 2], type: stackType('ustack'), lower: lowerStack },
];

const modes: readonly string[] = ['bpftrace', 'perf', 'raw'];
/** `PERF_MAX_STACK_DEPTH` in include/uapi/linux/perf_event.h. */
const deepest = 127;
/** `BPF_F_USER_STACK`. */
const userStack = 256;

function stackType(kind: 'kstack' | 'ustack'): FunctionRow['type'] {
  return (call: CallExpression, typing: Typing): Type => {
    let mode: StackMode = typing.settings.stack_mode;
    let limit = deepest;
    for (const each of call.arguments) {
      const number = typing.literal(each);
      if (typeof number === 'bigint') limit = requireLimit(typing, call, number);
      else if (each.kind === 'name' && modes.includes(each.name)) mode = each.name as StackMode;
      else throw typing.refuse(each, `a stack takes a number of frames, and one of ${modes.join(', ')}`);
    }
    return { kind, mode, limit };
  };
}

function requireLimit(typing: Typing, call: CallExpression, number: bigint): number {
  if (number >= 1n && number <= BigInt(deepest)) return Number(number);
  throw typing.refuse(call, `a stack has 1 to ${deepest} frames, not ${number}`);
}

function lowerStack(call: CallExpression, lowering: Lowering): Value {
  const type = lowering.type(call);
  if (type.kind !== 'kstack' && type.kind !== 'ustack') return constant(0);
  const size = type.limit * 8;
  const to = lowering.frame(16 + size);
  if (to.op !== 'frame') return to;
  lowering.push({ op: 'zero', to, size: 16 + size });
  const frames: Value = { op: 'frame', offset: to.offset + 16 };
  const flags = type.kind === 'ustack' ? userStack : 0;
  const found = lowering.pin(helper('get_stack', { op: 'context' }, frames, size, flags));
  const keep: Step[] = [{ op: 'store', to, offset: 8, size: 8, value: found }];
  lowering.push({ op: 'if', condition: compare('s>', found, 0), whenTrue: keep, whenFalse: [] });
  if (type.kind === 'ustack') {
    const process = currentIds(lowering);
    lowering.push({
      op: 'store',
      to,
      offset: 0,
      size: 8,
      value: { op: 'binary', operator: '>>', left: process, right: constant(32) },
    });
  }
  return to;
}
