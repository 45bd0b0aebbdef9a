/** Members of a task: of the one that runs, or of one that is given. */
import { binary, helper, load, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression } from '../tree/tree.js';
import { fieldOf } from '../types/from-btf.js';
import { typeText } from '../types/join.js';
import { isScalar, type Type, uint32 } from '../types/type.js';
import type { Typing } from '../types/typing.js';
import type { FunctionRow } from './row.js';
import { currentTask } from './task.js';

const commBytes = 16;
const comm: Type = { kind: 'string', size: commBytes };

export const tasks: readonly FunctionRow[] = [
  ofTask('ppid', uint32, 'real_parent', 'tgid'),
  ofTask('pcomm', comm, 'real_parent', 'comm'),
  ofTask('leader_tid', uint32, 'group_leader', 'pid'),
  ofTask('leader_comm', comm, 'group_leader', 'comm'),
];

/** A member of a task that the task points to. */
function ofTask(name: string, type: Type, pointer: string, member: string): FunctionRow {
  return {
    name,
    takes: [0, 1],
    type: (call, typing) => taskType(call, typing, type),
    lower: (call, lowering) => lowerMember(call, lowering, pointer, member, type),
  };
}

function taskType(call: CallExpression, typing: Typing, type: Type): Type {
  const [given] = call.arguments;
  const of = given && typing.typeOf(given);
  if (of !== undefined && !isScalar(of))
    throw typing.refuse(call, `${call.name} takes a task, as curtask, and this is ${typeText(of)}`);
  return type;
}

function lowerMember(
  call: CallExpression,
  lowering: Lowering,
  pointer: string,
  member: string,
  type: Type,
): Value {
  const [given] = call.arguments;
  const task = given === undefined ? currentTask(lowering) : lowering.pin(lowering.lower(given));
  const other = load(copied(lowering, memberAddress(lowering, call, task, pointer), 8));
  const address = memberAddress(lowering, call, lowering.pin(other), member);
  if (type.kind === 'int') return load(copied(lowering, address, 4), 0, 4);
  const to = lowering.frame(commBytes);
  lowering.push({ op: 'zero', to, size: commBytes });
  lowering.push({ op: 'do', value: helper('probe_read_kernel_str', to, commBytes, address) });
  return to;
}

/** Where a member of the task is, in the kernel's memory. */
function memberAddress(lowering: Lowering, call: CallExpression, base: Value, name: string): Value {
  const { btf } = lowering.typing.target;
  const id = btf?.find('struct', 'task_struct');
  const found = btf && id !== undefined ? fieldOf(btf, id, name, 'kernel') : undefined;
  if (found === undefined) throw lowering.refuse(call, `${call.name} needs the kernel's types (BTF)`);
  return binary('+', base, found.offset);
}

function copied(lowering: Lowering, address: Value, size: number): Value {
  const to = lowering.frame(8);
  lowering.push({ op: 'do', value: helper('probe_read_kernel', to, size, address) });
  return to;
}
