/** Where a program, map or link is found: the file that it is pinned to, its id, a descriptor. */
import { argumentError, requirePlace, shown } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { type PinnedKind, pinError } from './bpffs.js';
import { explainById } from './by-id.js';
import { type Circumstances, errnoError, errnoName, failed } from './errno.js';
import type { Flow } from './flow.js';
import type { Outcome, Status } from './native.js';

/**
 * Where a program, map or link in the kernel is found: the path that it is pinned to; its id, which takes
 * CAP_SYS_ADMIN (bpf_map_get_fd_by_id() in kernel/bpf/syscall.c and its like); or what has a descriptor of it, as
 * each of them. Where there are both, as `map.share()` has, the descriptor must be of that id.
 */
export type KernelPlace =
  | string
  | { readonly id: number }
  | { readonly fd: number }
  | { readonly fd: number; readonly id: number };

/** How one kind of thing is opened. */
export interface Opening<Handle> {
  readonly what: PinnedKind;
  pinned(path: string): Flow<Outcome<Handle>>;
  byId(id: number): Flow<Outcome<Handle>>;
  /** The caller keeps its own descriptor. */
  byFd(fd: number): Flow<Outcome<Handle>>;
  fdOf(handle: Handle): number;
  idOf(handle: Handle): number;
  close(handle: Handle): Flow<unknown>;
}

/**
 * Opens what is there.
 *
 * @throws BpfError `ENOENT` where nothing is, `EPERM` by id without CAP_SYS_ADMIN (bpf_map_get_fd_by_id() in
 * kernel/bpf/syscall.c and its like), `EINVAL` where it is something else
 */
export function* openAt<Handle>(place: KernelPlace, opening: Opening<Handle>): Flow<Handle> {
  const operation = operationOf(place, opening.what);
  const [handle, log] = yield* outcomeAt(place, opening, operation);
  if (failed(handle)) throw placeError(handle, place, operation, opening.what, log);
  if (!hasId(place) || !hasFd(place)) return handle;
  const id = opening.idOf(handle);
  if (id === place.id) return handle;
  yield* opening.close(handle);
  throw anotherError(operation, opening.what, id);
}

function* outcomeAt<Handle>(
  place: KernelPlace,
  opening: Opening<Handle>,
  operation: string,
): Flow<Outcome<Handle>> {
  if (typeof place === 'string') return yield* opening.pinned(place);
  if (!hasFd(place)) return yield* opening.byId(numberOf(place.id, 1, 2 ** 32, operation));
  return yield* opening.byFd(numberOf(place.fd, 0, 2 ** 31, operation));
}

/** True where a place has a descriptor of its own. */
export function hasFd(place: KernelPlace): place is { readonly fd: number } {
  return typeof place === 'object' && 'fd' in place;
}

function hasId(place: KernelPlace): place is { readonly id: number } {
  return typeof place === 'object' && 'id' in place;
}

function numberOf(given: number, least: number, below: number, operation: string): number {
  if (Number.isInteger(given) && given >= least && given < below) return given;
  throw argumentError(
    operation,
    `a number of the kernel's is an integer from ${least} on, not ${shown(given)}`,
  );
}

/** The descriptor of a place that has one. @throws BpfError `ERR_BPF_ARGUMENT` where it is no descriptor */
export function descriptorIn(place: { readonly fd: number }, what: PinnedKind): number {
  return numberOf(place.fd, 0, 2 ** 31, operationOf(place, what));
}

/** What is done, for errors: `open map 7`. */
export function operationOf(place: KernelPlace, what: PinnedKind | 'BTF'): string {
  return `open ${describePlace(place, what)}`;
}

/** For messages: `map 7`, `the map pinned to /sys/fs/bpf/counts`. @throws BpfError for what is no place */
export function describePlace(place: KernelPlace, what: PinnedKind | 'BTF'): string {
  requirePlace(`open a ${what}`, place);
  if (typeof place === 'string') return `the ${what} pinned to ${place}`;
  return hasFd(place) ? `the ${what} of descriptor ${shown(place.fd)}` : `${what} ${shown(place.id)}`;
}

function placeError(
  status: Status,
  place: KernelPlace,
  operation: string,
  what: PinnedKind,
  log: string,
): BpfError {
  if (typeof place === 'string') return pinError(status, operation, place, what);
  const known = hasFd(place) ? { reason: `that descriptor is no ${what}` } : explainId(status, what);
  return errnoError(status, operation, { log, ...known });
}

/** Why there is nothing of a number. */
export function explainId(status: Status, what: string): Circumstances {
  if (errnoName(status) === 'ENOENT') return { reason: `the kernel has no ${what} of that id` };
  return explainById(status);
}

/** A descriptor that was closed and given out again would be something else. */
function anotherError(operation: string, what: string, id: number): BpfError {
  const hint = `keep the ${what} open until the worker has opened it`;
  const reason = `the descriptor is ${what} ${id} by now`;
  return new BpfError({ code: 'ERR_BPF_MAP', operation, reason, hint });
}
