/** What a program before load is to attach to, where BTF names it: a function of the kernel or of another program. */
import { constants } from 'node:os';
import { programIdOf } from '../attach/freplace-holder.js';
import { errnoError } from '../native/errno.js';
import { native, type ProgramHandle, type Status } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import type { Program } from './program.js';

const { ENOENT } = constants.errno;

/** A program before load, as far as its target asks. */
interface Targeted {
  readonly name: string;
  readonly section: string;
  readonly nativeHandle: ProgramHandle;
}

/** Sets the first of several names that is there. @throws BpfError `ESRCH` or `ENOENT` where none is */
export function setAttachTarget(
  { name, section, nativeHandle }: Targeted,
  state: ObjectState,
  names: string | readonly string[],
  target: Program | undefined,
  operation: string,
): void {
  const tried = [names].flat();
  const fd = target?.fd ?? 0;
  let status: Status = -ENOENT;
  for (const each of tried) {
    status = native().programSetAttachTarget(nativeHandle, fd, each);
    if (status < 0) continue;
    state.targets.set(name, { name: each, programId: target && programIdOf(fd) });
    return;
  }
  throw errnoError(status, operation, { reason: noTarget(section, tried, target) });
}

function noTarget(section: string, names: readonly string[], target: Program | undefined): string {
  const whose = target === undefined ? 'the kernel has' : `program ${target.name} has`;
  const none = names.length === 1 ? `no ${names[0]}` : `none of ${names.join(', ')}`;
  return `${whose} ${none} that SEC("${section}") attaches to`;
}
