/** What the probe is, and what it was called with. */
import { binary, constant, helper, load, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import { textInFrame } from '../lower/store.js';
import { registersOf } from '../probes/registers.js';
import type { UsdtPlace } from '../probes/usdt-operand.js';
import type { CallExpression } from '../tree/tree.js';
import { int64, type Type, uint64 } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';

export const context: readonly FunctionRow[] = [
  {
    name: 'probe',
    takes: [0, 0],
    type: (_, typing) => text(typing.unit.plan.name),
    lower: (_, lowering) => textInFrame(lowering, lowering.unit.plan.name),
  },
  {
    name: 'probetype',
    takes: [0, 0],
    type: (_, typing) => text(typing.unit.plan.provider),
    lower: (_, lowering) => textInFrame(lowering, lowering.unit.plan.provider),
  },
  { name: 'func', takes: [0, 0], type: funcType, lower: lowerFunc },
  { name: 'retval', takes: [0, 0], type: resultType, lower: lowerResult },
  { name: 'reg', takes: [1, 1], type: uint64, lower: lowerRegister },
  { name: 'ctx', takes: [0, 0], type: uint64, lower: () => ({ op: 'context' }) },
  { name: 'args', takes: [0, 0], type: argsType, lower: () => ({ op: 'context' }) },
  { name: 'usermode', takes: [0, 0], type: { kind: 'int', size: 1, signed: false }, lower: lowerUserMode },
  ...Array.from({ length: 12 }, (_, at): FunctionRow => {
    return {
      name: `arg${at}`,
      takes: [0, 0],
      type: uint64,
      lower: (call, lowering) => lowerArgument(call, lowering, at),
    };
  }),
];

function text(value: string): Type {
  return { kind: 'string', size: value.length + 1 };
}

/** Of the kernel's functions it is an address, which has its name when it is printed, as bpftrace has it. */
function funcType(call: CallExpression, { unit, script }: Typing): Type {
  const { trigger } = unit.plan;
  if (!('function' in trigger)) throw script.error(call, `${unit.plan.name} is no function`);
  return trigger.kind === 'user-function' ? text(trigger.function) : { kind: 'ksym' };
}

function lowerFunc(_: CallExpression, lowering: Lowering): Value {
  const { trigger } = lowering.unit.plan;
  if (trigger.kind === 'user-function') return textInFrame(lowering, trigger.function);
  return lowering.pin(helper('get_func_ip', { op: 'context' }));
}

function resultType(call: CallExpression, typing: Typing): Type {
  const { result, registers, name } = typing.unit.plan;
  if (result) return result.type;
  if (registers?.result !== undefined) return int64;
  throw typing.refuse(call, `${name} has no result`, 'retval is there in uretprobe, kretprobe and fexit');
}

function lowerResult(_: CallExpression, lowering: Lowering): Value {
  const { result, registers } = lowering.unit.plan;
  return lowering.pin(load({ op: 'context' }, result?.offset ?? registers?.result ?? 0));
}

function argsType(call: CallExpression, typing: Typing): Type {
  throw typing.refuse(call, 'args as a whole is not supported yet', 'name a member, as args.filename');
}

function lowerArgument(call: CallExpression, lowering: Lowering, at: number): Value {
  const { registers, name, values } = lowering.unit.plan;
  if (values?.[at] !== undefined) return usdtValue(lowering, values[at]);
  const offset = registers?.arguments[at];
  if (offset !== undefined) return lowering.pin(load({ op: 'context' }, offset));
  if (values !== undefined && at in values)
    throw lowering.refuse(call, `arg${at} of ${name} is in a place that is not understood`);
  throw lowering.refuse(call, `${name} has no arg${at}`);
}

/** What the probe's author passed: a constant, a register, or what is in the process's memory. */
function usdtValue(lowering: Lowering, place: UsdtPlace): Value {
  const { size, signed } = place;
  const register = (at: number) => load({ op: 'context' }, at);
  if (place.kind === 'constant')
    return constant(signed ? BigInt.asIntN(size * 8, place.value) : BigInt.asUintN(size * 8, place.value));
  const cut = (of: Value): Value => ({ op: 'extend', size: size as 1 | 2 | 4 | 8, signed, of });
  if (place.kind === 'register') return lowering.pin(cut(register(place.at)));
  const base = binary('+', register(place.base), place.offset);
  const address =
    place.index === undefined
      ? base
      : binary('+', base, binary('*', register(place.index), constant(place.scale)));
  const to = lowering.frame(8);
  lowering.push({ op: 'store', to, offset: 0, size: 8, value: constant(0) });
  lowering.push({ op: 'do', value: helper('probe_read_user', to, size, lowering.pin(address)) });
  return lowering.pin(cut(load(to)));
}

function lowerRegister(call: CallExpression, lowering: Lowering): Value {
  const name = lowering.typing.text(call.arguments[0], call, "the register's name");
  const known = registersOf(lowering.typing.target.arch ?? process.arch)?.names ?? {};
  const offset = Object.hasOwn(known, name) ? known[name] : undefined;
  if (offset === undefined)
    throw lowering.refuse(call, `there is no register ${name}; there are ${Object.keys(known).join(', ')}`);
  if (lowering.unit.plan.registers === undefined)
    throw lowering.refuse(call, `${lowering.unit.plan.name} has no registers`);
  return lowering.pin(load({ op: 'context' }, offset));
}

/** The lowest bits of the code segment: 3 in user mode (arch/x86/include/asm/segment.h). */
function lowerUserMode(call: CallExpression, lowering: Lowering): Value {
  if ((lowering.typing.target.arch ?? process.arch) !== 'x64')
    throw lowering.refuse(call, 'usermode is of x86-64 alone');
  const offset = registersOf('x64')?.names.cs ?? 0;
  // begin and end run for this process.
  if (lowering.unit.plan.section === 'raw_tp') return constant(1);
  return binary('&', lowering.pin(load({ op: 'context' }, offset)), 1);
}
