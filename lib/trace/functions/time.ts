/** Clocks. */
import { meant } from '../../errors/nearest.js';
import { binary, constant, helper, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression } from '../tree/tree.js';
import { type Type, uint64 } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';

/** The BPF helper of each clock that nsecs() takes; nsecs() without a clock reads `boot`, the first. */
const clocks: Readonly<Record<string, string>> = {
  boot: 'ktime_get_boot_ns',
  monotonic: 'ktime_get_ns',
  tai: 'ktime_get_tai_ns',
  sw_tai: 'ktime_get_tai_ns',
};

export const time: readonly FunctionRow[] = [
  { name: 'nsecs', takes: [0, 1], type: uint64, lower: lowerNsecs },
  { name: 'elapsed', takes: [0, 0], type: uint64, lower: (_, lowering) => lowerElapsed(lowering) },
  { name: 'jiffies', takes: [0, 0], type: uint64, lower: (_, lowering) => lowering.pin(helper('jiffies64')) },
  {
    name: 'strftime',
    takes: [2, 2],
    type: timestamp,
    lower: (call, lowering) => lowering.lower(argumentAt(call, 1)),
  },
];

function lowerNsecs(call: CallExpression, lowering: Lowering): Value {
  const [given] = call.arguments;
  const name = given?.kind === 'name' ? given.name : 'boot';
  const clock = Object.hasOwn(clocks, name) ? clocks[name] : undefined;
  if (clock !== undefined) return lowering.pin(helper(clock));
  throw lowering.refuse(
    given ?? call,
    `there is no clock ${name}; there are ${Object.keys(clocks).join(', ')}`,
    meant(name, Object.keys(clocks)),
  );
}

function lowerElapsed(lowering: Lowering): Value {
  return binary(
    '-',
    lowering.pin(helper('ktime_get_boot_ns')),
    constant(lowering.typing.target.startedAt ?? 0n),
  );
}

function timestamp(call: CallExpression, typing: Typing): Type {
  typing.typeOf(argumentAt(call, 1));
  return { kind: 'timestamp', format: typing.text(call.arguments[0], call, 'the format') };
}

export function argumentAt(call: CallExpression, at: number): CallExpression['arguments'][number] {
  return call.arguments[at] ?? { kind: 'literal', value: 0n, start: call.start, end: call.end };
}
