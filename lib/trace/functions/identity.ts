/** Numbers of the process and thread that runs: those that this process sees, which in a container are its own. */
import { constant, helper, load, type Value } from '../form/form.js';
import type { Lowering } from '../lower/lowering.js';
import type { CallExpression } from '../tree/tree.js';

/** The process in the upper half, the thread in the lower; 0 of one that this process does not see. */
export function currentIds(lowering: Lowering): Value {
  const { pidNamespace } = lowering.typing.target;
  if (pidNamespace === undefined) return machineIds(lowering);
  const { device, inode } = pidNamespace;
  const to = lowering.frame(8);
  lowering.push({ op: 'store', to, offset: 0, size: 8, value: constant(0) });
  const find = helper('get_ns_current_pid_tgid', constant(device), constant(inode), to, 8);
  lowering.push({ op: 'do', value: find });
  return lowering.pin(load(to));
}

/** Those of the machine's first namespace. */
function machineIds(lowering: Lowering): Value {
  return lowering.pin(helper('get_current_pid_tgid'));
}

/** `pid`, `pid(curr_ns)` or `pid(init)`. @throws BpfError for another namespace */
export function idsOf({ name, arguments: [given] }: CallExpression, lowering: Lowering): Value {
  const namespace = given?.kind === 'name' ? given.name : undefined;
  if (namespace === 'init') return machineIds(lowering);
  if (given === undefined || namespace === 'curr_ns') return currentIds(lowering);
  throw lowering.refuse(given, `${name} is of curr_ns, which is where this runs, or of init`);
}
