/** Which program took the place of another's function: no query lists it, so the links of the machine are searched. */
import { readFileSync } from 'node:fs';
import { kernelStructs } from '../kinds/kernel-structs.js';
import type { LinkInfo } from '../link/link-info.js';
import { type Circumstances, failed } from '../native/errno.js';
import { numberIn } from '../native/fdinfo.js';
import { type Flow, job } from '../native/flow.js';
import { KernelRecord } from '../native/kernel-record.js';
import { borrow, programOpening } from '../native/openings.js';
import type { AttachTarget } from '../native/owner.js';
import type { KernelPlace } from '../native/place.js';
import { describeOnlyHolder } from './attached-programs.js';
import type { FreplaceOptions } from './freplace.js';

/** A function takes one program in its place, or others at its entry and exit. */
export function* describeFreplaceHolder(
  programFd: number,
  target: AttachTarget | undefined,
  { program, function: name }: Partial<FreplaceOptions>,
): Flow<Circumstances> {
  const programId = program === undefined ? target?.programId : yield* programIdAt(program);
  const typeId = name === undefined ? yield* targetTypeOf(programFd) : 0;
  const fits = (link: LinkInfo) =>
    link.type === 'tracing' &&
    link.targetObjectId === programId &&
    (typeId === 0 || link.targetBtfId === typeId);
  return (yield* describeOnlyHolder(fits, 'detach it')) ?? unknownHolder;
}

const unknownHolder: Circumstances = {
  reason: 'another program has taken the place of that function already',
  hint: 'detach it: links() tells of each tracing link the program that it targets',
};

/**
 * The function that the program was loaded for, as a type of the other program; 0 before Linux 6.0, whose `struct
 * bpf_prog_info` does not tell it (bpf_prog_get_info_by_fd() in kernel/bpf/syscall.c).
 */
function* targetTypeOf(programFd: number): Flow<number> {
  const [record] = yield* job('programInfo', programFd, 0);
  return failed(record) ? 0 : new KernelRecord(record).u32(kernelStructs.bpf_prog_info.attach_btf_id);
}

function* programIdAt(place: KernelPlace): Flow<number | undefined> {
  const { fd, end } = yield* borrow(place, programOpening);
  const id = programIdOf(fd);
  yield* end();
  return id;
}

/**
 * The id of a program, as `prog_id` of its fdinfo (bpf_prog_show_fdinfo() in kernel/bpf/syscall.c); undefined where
 * the descriptor is of something else.
 */
export function programIdOf(fd: number): number | undefined {
  try {
    return numberIn(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'), 'program');
  } catch {
    return undefined;
  }
}
