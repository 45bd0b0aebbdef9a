/**
 * What a program before load is to attach to, where BTF names it: a function of the kernel or of another program
 * (bpf_program__set_attach_target() in libbpf.c).
 */
import { constants } from 'node:os';
import { programIdOf } from '../attach/freplace-holder.js';
import { errnoError } from '../native/errno.js';
import { native, type ProgramHandle, type Status } from '../native/native.js';
import { programOpening, withFdAt } from '../native/openings.js';
import type { AttachTarget, ObjectState } from '../native/owner.js';
import { describePlace, type KernelPlace } from '../native/place.js';

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
  target: KernelPlace | undefined,
  operation: string,
): void {
  const tried = [names].flat();
  const set = (fd: number) => setFirst(nativeHandle, fd, tried);
  const found = target === undefined ? set(0) : withFdAt(target, programOpening, set);
  if (typeof found === 'number')
    throw errnoError(found, operation, { reason: noTarget(section, tried, target) });
  state.targets.set(name, found);
}

function setFirst(program: ProgramHandle, fd: number, names: readonly string[]): AttachTarget | Status {
  let status: Status = -ENOENT;
  for (const name of names) {
    status = native().programSetAttachTarget(program, fd, name);
    if (status >= 0) return { name, programId: fd === 0 ? undefined : programIdOf(fd) };
  }
  return status;
}

function noTarget(section: string, names: readonly string[], target: KernelPlace | undefined): string {
  const whose = target === undefined ? 'the kernel has' : `${nameOfProgram(target)} has`;
  const none = names.length === 1 ? `no ${names[0]}` : `none of ${names.join(', ')}`;
  return `${whose} ${none} that SEC("${section}") attaches to`;
}

function nameOfProgram(place: KernelPlace): string {
  return typeof place === 'object' && 'name' in place
    ? `program ${place.name}`
    : describePlace(place, 'program');
}
