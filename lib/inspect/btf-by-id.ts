/** Types that the kernel holds, by its ids: its own, its modules', and those that programs brought. */

import { Btf } from '../btf/index.js';
import { requireInteger } from '../errors/arguments.js';
import { kernelBtf } from '../host/kernel-types.js';
import { checkById, explainById } from '../native/by-id.js';
import { errnoError, errnoName, failed } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import { native } from '../native/native.js';

/**
 * Types by the kernel's id of them, as `bpftool btf list` shows it.
 *
 * @throws BpfError `ENOENT` for an id that is not there, `EPERM` without CAP_SYS_ADMIN
 * @since Linux 4.18
 */
export function typesById(id: number): Promise<Btf> {
  return run(byId(id));
}

/** {@link typesById} on this thread. */
export function typesByIdSync(id: number): Btf {
  return runSync(byId(id));
}

/**
 * Ids of all types that the kernel holds, with the kernel's or module's name; that of types that a program brought is
 * empty.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN
 * @since Linux 5.4
 */
export function* typesInKernel(): Generator<{ readonly id: number; readonly name: string }> {
  for (let id = next(0); id !== undefined; id = next(id)) {
    const name = native().btfName(id);
    // Types that went away meanwhile are left out.
    if (typeof name === 'string') yield { id, name };
  }
}

function next(id: number): number | undefined {
  const found = native().btfNextId(id);
  if (found < 0 && errnoName(found) === 'ENOENT') return undefined;
  return checkById(found, 'list the types in the kernel');
}

function* byId(id: number): Flow<Btf> {
  requireInteger('read types', 'the number of types', id);
  const operation = `get types ${id}`;
  const name = checkById(native().btfName(id), operation);
  const [result, log] = yield* job('btfById', id);
  if (failed(result)) throw errnoError(result, operation, { log, ...explainById(result) });
  const base = name === '' || name === 'vmlinux' ? undefined : kernelBtf();
  return Btf.parse(result, name || `types ${id}`, base);
}
