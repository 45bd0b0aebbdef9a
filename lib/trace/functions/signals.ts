/** Functions that change the process which runs. */
import { constants } from 'node:os';
import { meant } from '../../errors/nearest.js';
import { compare, constant, helper, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression } from '../tree/tree.js';
import { typeText } from '../types/join.js';
import { bool, isScalar, none, type Type } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { argumentAt } from './time.js';

export const signals: readonly FunctionRow[] = [
  row('signal', 'send_signal'),
  row('signal_thread', 'send_signal_thread'),
  { name: 'write_user', takes: [3, 3], type: writeType, lower: lowerWrite, isUnsafe: true },
];

function row(name: string, helperName: string): FunctionRow {
  return {
    name,
    takes: [1, 1],
    type: signalType,
    lower: (call, lowering) => lowerSignal(call, lowering, helperName),
    isUnsafe: true,
  };
}

function signalType(call: CallExpression, typing: Typing): Type {
  const given = argumentAt(call, 0);
  const type = typing.valueType(given);
  if (type.kind === 'string') signalNumber(call, typing);
  else if (!isScalar(type))
    throw typing.refuse(given, `a signal is its name or its number, and this is ${typeText(type)}`);
  return none;
}

const known: Readonly<Record<string, number>> = constants.signals;

/** `SIGKILL` or `KILL`. @throws BpfError for a name that is none */
function signalNumber(call: CallExpression, typing: Typing): number {
  const text = typing.text(call.arguments[0], call, "a signal's name");
  const name = text.startsWith('SIG') ? text : `SIG${text}`;
  const number = Object.hasOwn(known, name) ? known[name] : undefined;
  if (number !== undefined) return number;
  throw typing.refuse(call, `there is no signal ${text}`, meant(name, Object.keys(known)));
}

function lowerSignal(call: CallExpression, lowering: Lowering, helperName: string): Value {
  const given = argumentAt(call, 0);
  const isName = lowering.type(given).kind === 'string';
  const number = isName ? constant(signalNumber(call, lowering.typing)) : lowering.lower(given);
  lowering.push({ op: 'do', value: helper(helperName, number) });
  return constant(0);
}

function writeType(call: CallExpression, typing: Typing): Type {
  for (const each of call.arguments) typing.typeOf(each);
  typing.number(call.arguments[2], call, 'how much is written');
  return bool;
}

/** The verifier takes a source in the program's memory alone: a value is copied there. */
function lowerWrite(call: CallExpression, lowering: Lowering): Value {
  const [to, from] = [0, 1].map(at => lowering.pin(lowering.lower(argumentAt(call, at)))) as [Value, Value];
  const size = Number(lowering.typing.literal(argumentAt(call, 2)) ?? 0n);
  const copy = lowering.frame(Math.max(8, size));
  lowering.push({ op: 'do', value: helper('probe_read_kernel', copy, size, from) });
  return compare('==', lowering.pin(helper('probe_write_user', to, copy, size)), 0);
}
