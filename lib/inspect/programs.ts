/** All programs in the kernel. */

import { run } from '../native/flow.js';
import { FunctionNames } from '../program/function-names.js';
import { type ProgramInfo, programInfoOf } from '../program/info.js';
import { inKernel } from './in-kernel.js';

/**
 * Every program on the machine, by rising ids, off the main thread; what comes or goes meanwhile may be missed.
 * `openProgram({ id })` opens one.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN (bpf_obj_get_next_id() in kernel/bpf/syscall.c)
 * @since Linux 4.13
 * @example
 * ```ts
 * for await (const { id, type, name, memory } of programs()) console.log(id, type, name, memory);
 * ```
 */
export async function* programs(): AsyncGenerator<ProgramInfo, void, undefined> {
  const names = new FunctionNames();
  for await (const record of inKernel('programs')) {
    yield programInfoOf(record, await run(names.of(record)));
  }
}
