/** Programs in the kernel, whoever loaded them. */

import { argumentError, requirePlace } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { pinError } from '../native/bpffs.js';
import { explainById } from '../native/by-id.js';
import { errnoError, errnoName, failed } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import { KernelRecord } from '../native/kernel-record.js';
import type { Status } from '../native/native.js';
import { FunctionNames } from './function-names.js';
import { inKernel } from './in-kernel.js';
import { type ProgramInfo, programInfoOf } from './program-info.js';
import { type ListName, partsOf } from './program-record.js';

/** The file that a program is pinned to; the kernel's id; what has a descriptor, as a loaded `Program`. */
export type ProgramPlace = string | { readonly id: number } | { readonly fd: number };

/**
 * What the kernel tells of every program on the machine, by rising ids, off the main thread; what comes or goes
 * meanwhile may be missed.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN
 * @since Linux 4.13
 * @example
 * ```ts
 * for await (const { id, type, name, memory } of programs()) console.log(id, type, name, memory);
 * ```
 */
export async function* programs(): AsyncGenerator<ProgramInfo, void, undefined> {
  const names = new FunctionNames();
  for await (const record of inKernel('programs')) yield await run(programInfoOf(record, names));
}

/**
 * What the kernel tells of one program.
 *
 * @throws BpfError `ENOENT` where there is none; `EPERM` by id without CAP_SYS_ADMIN
 * @since Linux 4.13
 * @example
 * ```ts
 * const { tag, xlatedSize, loadedAt } = await programInfo(bpf.programs.on_exec);
 * ```
 */
export function programInfo(place: ProgramPlace): Promise<ProgramInfo> {
  return run(info(place));
}

/** {@link programInfo} on this thread. */
export function programInfoSync(place: ProgramPlace): ProgramInfo {
  return runSync(info(place));
}

function* info(place: ProgramPlace): Flow<ProgramInfo> {
  const record = yield* recordOf(place, 'describe', ['mapIds', 'functions']);
  return yield* programInfoOf(record, new FunctionNames());
}

/** A program's record with some of its lists; `verb` says for errors what it is for. */
export function* recordOf(place: ProgramPlace, verb: string, lists: readonly ListName[]): Flow<KernelRecord> {
  requirePlace(`${verb} a program`, place);
  const parts = partsOf(...lists);
  const [result] =
    typeof place === 'string'
      ? yield* job('programInfoPinned', place, parts)
      : 'fd' in place
        ? yield* job('programInfo', place.fd, parts)
        : yield* job('programInfoById', idOf(place, verb), parts);
  if (failed(result)) throw refusal(result, verb, place);
  return new KernelRecord(result);
}

function idOf(place: { readonly id: number }, verb: string): number {
  if (Number.isInteger(place?.id) && place.id > 0 && place.id < 2 ** 32) return place.id;
  const reason = `a program is named by its path, { id } or { fd }, not by ${JSON.stringify(place)}`;
  throw argumentError(`${verb} a program`, reason);
}

function refusal(status: Status, verb: string, place: ProgramPlace): BpfError {
  const code = errnoName(status);
  if (typeof place === 'string') {
    const operation = `${verb} the program pinned to ${place}`;
    if (code !== 'EINVAL') return pinError(status, operation, place);
    return errnoError(status, operation, { reason: 'what is pinned there is no program' });
  }
  if ('fd' in place)
    return errnoError(status, `${verb} the program of descriptor ${place.fd}`, {
      reason: 'that descriptor is no program',
    });
  const operation = `${verb} program ${place.id}`;
  if (code === 'ENOENT')
    return errnoError(status, operation, { reason: 'the kernel has no program of that id' });
  return errnoError(status, operation, explainById(status));
}
