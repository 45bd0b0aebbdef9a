/** Programs without an object: those that are there already, by path, id or descriptor. */
import { kindOf } from '../attach/sections.js';
import { argumentError, requireText } from '../errors/arguments.js';
import { kernelStructs } from '../kinds/kernel-structs.js';
import { programTypeName } from '../kinds/program-types.js';
import { BareState } from '../native/bare-state.js';
import { check, failed } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import { native } from '../native/native.js';
import { programOpening } from '../native/openings.js';
import { type KernelPlace, openAt, operationOf } from '../native/place.js';
import { FunctionNames } from './function-names.js';
import { Program } from './program.js';
import { recordOf } from './record.js';

/**
 * Opens a program that is there: pinned, loaded by another process, or of a descriptor. It is described, pinned, run for
 * a test, attached, put in the place of another, and into maps. Attaching goes by its section, and lasts as long as the
 * link, whatever becomes of the program; USDT, freplace and ksyscall take the object that has it. Closing it leaves what is
 * attached attached.
 *
 * @param section - what it was loaded as, as `xdp`, which `testRun()` and `attach()` need; `struct bpf_prog_info` has
 * the type alone.
 * @throws BpfError `ENOENT` where nothing is, `EPERM` by id without CAP_SYS_ADMIN (bpf_prog_get_fd_by_id() in
 * kernel/bpf/syscall.c), `EINVAL` where it is no program, `ERR_BPF_ARGUMENT` where programs of that section are of
 * another type.
 * @since Linux 4.13
 * @example
 * ```ts
 * await using filter = await openProgram('/sys/fs/bpf/filter', 'xdp');
 * console.log(filter.info.tag, (await filter.testRun({ data: new Uint8Array(64) })).retval);
 * ```
 */
export function openProgram<S extends string = string>(place: KernelPlace, section?: S): Promise<Program<S>> {
  return run(open(place, section));
}

/** {@link openProgram} on this thread. */
export function openProgramSync<S extends string = string>(place: KernelPlace, section?: S): Program<S> {
  return runSync(open(place, section));
}

function* open<S extends string>(place: KernelPlace, section?: S): Flow<Program<S>> {
  if (section !== undefined) requireText('open a program', 'a section', section);
  const handle = yield* openAt(place, programOpening);
  try {
    const record = yield* recordOf(native().programFd(handle), operationOf(place, 'program'), ['functions']);
    requireType(operationOf(place, 'program'), section, record.u32(kernelStructs.bpf_prog_info.type));
    const name = yield* new FunctionNames().of(record);
    if (section !== undefined)
      check(native().programSetSection(handle, section), operationOf(place, 'program'));
    const pinPath = typeof place === 'string' ? place : undefined;
    return new Program(
      handle,
      BareState.ofProgram(handle, name),
      name,
      section ?? ('' as S),
      kindOf(section ?? ''),
      undefined,
      pinPath,
    );
  } catch (error) {
    yield* job('programClose', handle);
    throw error;
  }
}

function requireType(operation: string, section: string | undefined, type: number): void {
  if (section === undefined) return;
  const wanted = native().programTypeByName(section);
  if (wanted === type) return;
  if (failed(wanted)) throw argumentError(operation, `libbpf knows no section ${section}`);
  const [there, given] = [type, wanted].map(programTypeName);
  throw argumentError(operation, `it is a program of type ${there}; those of SEC("${section}") are ${given}`);
}
