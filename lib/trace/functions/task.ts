/** The task that runs, its CPU and cgroup. */
import { binary, constant, helper, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import { namedType } from '../types/from-btf.js';
import { none, type Type, uint32, uint64 } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import { idsOf } from './identity.js';
import type { FunctionRow } from './row.js';

const commBytes = 16;

export const task: readonly FunctionRow[] = [
  identity('pid', ids => binary('>>', ids, 32)),
  identity('tid', low),
  number('uid', 0, uint64, lowering => low(lowering.pin(helper('get_current_uid_gid')))),
  number('gid', 0, uint64, lowering => binary('>>', lowering.pin(helper('get_current_uid_gid')), 32)),
  number('cpu', 0, uint32, lowering => low(lowering.pin(helper('get_smp_processor_id')))),
  number('numaid', 0, uint32, lowering => low(lowering.pin(helper('get_numa_node_id')))),
  number('cgroup', 0, uint64, lowering => lowering.pin(helper('get_current_cgroup_id'))),
  number('rand', 0, uint32, lowering => low(lowering.pin(helper('get_prandom_u32')))),
  number('ncpus', 0, uint64, lowering => constant(lowering.typing.target.cpus ?? 1)),
  number('cpid', 0, uint32, lowering => constant(lowering.typing.target.childPid ?? 0)),
  number('has_cpid', 0, { kind: 'bool' }, lowering =>
    constant(Number(lowering.typing.target.childPid !== undefined)),
  ),
  {
    name: 'username',
    takes: [0, 0],
    type: { kind: 'username' },
    lower: (_, lowering) => low(lowering.pin(helper('get_current_uid_gid'))),
  },
  {
    name: 'comm',
    takes: [0, 0],
    type: { kind: 'string', size: commBytes },
    lower: (_, lowering) => lowerComm(lowering),
  },
  {
    name: 'curtask',
    takes: [0, 0],
    type: (_, typing) => taskPointer(typing),
    lower: (_, lowering) => currentTask(lowering),
  },
];

function number(name: string, most: number, type: Type, lower: (lowering: Lowering) => Value): FunctionRow {
  return { name, takes: [0, most], type, lower: (_, lowering) => lower(lowering) };
}

function identity(name: string, half: (ids: Value) => Value): FunctionRow {
  return { name, takes: [0, 1], type: uint32, lower: (call, lowering) => half(idsOf(call, lowering)) };
}

function low(value: Value): Value {
  return { op: 'extend', size: 4, signed: false, of: value };
}

function lowerComm(lowering: Lowering): Value {
  const to = lowering.frame(commBytes);
  lowering.push({ op: 'do', value: helper('get_current_comm', to, commBytes) });
  return to;
}

export function taskPointer({ target }: Typing): Type {
  const to = namedType('struct task_struct', target.btf, 'kernel') ?? none;
  return { kind: 'pointer', to, space: 'kernel' };
}

export function currentTask(lowering: Lowering): Value {
  return lowering.pin(helper('get_current_task'));
}
