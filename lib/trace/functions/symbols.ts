/** Addresses that get their names when they are printed, and names that have addresses. */
import { meant } from '../../errors/nearest.js';
import { binary, compare, constant, helper, load, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression } from '../tree/tree.js';
import { none, type Space, type Type, uint64 } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import { currentIds } from './identity.js';
import type { FunctionRow } from './row.js';
import { checked } from './strings.js';
import { argumentAt } from './time.js';

export const symbols: readonly FunctionRow[] = [
  {
    name: 'ksym',
    takes: [1, 1],
    type: checked({ kind: 'ksym' }),
    lower: (call, lowering) => lowering.lower(argumentAt(call, 0)),
  },
  { name: 'usym', takes: [1, 1], type: checked({ kind: 'usym' }), lower: lowerUsym },
  { name: 'kaddr', takes: [1, 1], type: kaddrType, lower: lowerKaddr },
  { name: 'percpu_kaddr', takes: [1, 2], type: kaddrType, lower: lowerPerCpu },
  {
    name: 'kptr',
    takes: [1, 1],
    type: pointer('kernel'),
    lower: (call, lowering) => lowering.lower(argumentAt(call, 0)),
  },
  {
    name: 'uptr',
    takes: [1, 1],
    type: pointer('user'),
    lower: (call, lowering) => lowering.lower(argumentAt(call, 0)),
  },
  { name: 'cgroupid', takes: [1, 1], type: uint64, lower: lowerCgroupId },
  {
    name: 'cgroup_path',
    takes: [1, 2],
    type: checked({ kind: 'cgroup_path' }),
    lower: (call, lowering) => lowering.lower(argumentAt(call, 0)),
  },
];

function pointer(space: Space): FunctionRow['type'] {
  return (call, typing) => {
    const type = typing.typeOf(argumentAt(call, 0));
    return type.kind === 'pointer' ? { ...type, space } : { kind: 'pointer', to: none, space };
  };
}

/** The address, and the process whose it is. */
function lowerUsym(call: CallExpression, lowering: Lowering): Value {
  const value = lowering.pin(lowering.lower(argumentAt(call, 0)));
  const to = lowering.frame(16);
  lowering.push({ op: 'store', to, offset: 0, size: 8, value });
  const process = currentIds(lowering);
  lowering.push({
    op: 'store',
    to,
    offset: 8,
    size: 8,
    value: { op: 'binary', operator: '>>', left: process, right: constant(32) },
  });
  return to;
}

function kaddrType(call: CallExpression, typing: Typing): Type {
  typing.text(call.arguments[0], call, "the symbol's name");
  return { kind: 'pointer', to: uint64, space: 'kernel' };
}

function lowerKaddr(call: CallExpression, lowering: Lowering): Value {
  return constant(
    symbolAddress(call, lowering, lowering.typing.text(call.arguments[0], call, "the symbol's name")),
  );
}

function symbolAddress(call: CallExpression, lowering: Lowering, name: string): bigint {
  const address = lowering.typing.target.kernelAddress?.(name);
  if (address !== undefined) return address;
  throw lowering.refuse(call, `the kernel has no symbol ${name}`, meant(name, []));
}

/** A CPU's own copy is so far from the first as `__per_cpu_offset` says (include/asm-generic/percpu.h); 0 where there is no such CPU. */
function lowerPerCpu(call: CallExpression, lowering: Lowering): Value {
  const first = symbolAddress(
    call,
    lowering,
    lowering.typing.text(call.arguments[0], call, "the symbol's name"),
  );
  const offsets = symbolAddress(call, lowering, '__per_cpu_offset');
  const [, given] = call.arguments;
  const cpu = lowering.pin(given ? lowering.lower(given) : helper('get_smp_processor_id'));
  const slot = lowering.slot();
  lowering.push({ op: 'set', slot, value: constant(0) });
  const whenTrue = lowering.capture(() => {
    const to = lowering.frame(8);
    const from = binary('+', constant(offsets), binary('*', cpu, 8));
    lowering.push({ op: 'do', value: helper('probe_read_kernel', to, 8, from) });
    lowering.push({ op: 'set', slot, value: binary('+', constant(first), load(to)) });
  });
  const exists = compare('<', cpu, lowering.typing.target.cpus ?? 1);
  lowering.push({ op: 'if', condition: exists, whenTrue, whenFalse: [] });
  return { op: 'local', slot };
}

function lowerCgroupId(call: CallExpression, lowering: Lowering): Value {
  const path = lowering.typing.text(call.arguments[0], call, "the cgroup's folder");
  const id = lowering.typing.target.cgroupId?.(path);
  if (id !== undefined) return constant(id);
  throw lowering.refuse(call, `${path} is no cgroup of version 2`);
}
