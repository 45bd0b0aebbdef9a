/** From a negative errno to an error: the only place that knows the sign rule and the errno names. */

import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { BpfError } from '../errors/bpf-error.js';
import { obstaclesToBpf } from '../host/obstacles.js';
import { ifReadable } from '../host/system-file.js';
import type { Errno, Status } from './native.js';

/** Of a number with two names the first of errno(3) counts. */
const names = new Map<number, string>([
  ...Object.entries(constants.errno).map(([name, number]): [number, string] => [number, name]),
  [constants.errno.EAGAIN, 'EAGAIN'],
  [constants.errno.EOPNOTSUPP, 'EOPNOTSUPP'],
]);

/** Errnos that the kernel keeps to itself, yet lets slip out of bpf(2) (include/linux/errno.h). */
const internal = new Map([[524, { name: 'ENOTSUPP', text: 'operation is not supported' }]]);

/** libbpf's own errors, from 4000 on (`enum libbpf_errno` in libbpf.h). */
const libbpfErrors = [
  ['LIBELF', 'something wrong in libelf'],
  ['FORMAT', 'the object is malformed'],
  ['KVERSION', 'incorrect or missing version section'],
  ['ENDIAN', 'the object is for the other byte order'],
  ['INTERNAL', 'an error inside libbpf'],
  ['RELOC', 'a relocation failed'],
  ['LOAD', 'loading failed'],
  ['VERIFY', 'the verifier rejected the program'],
  ['PROG2BIG', 'the program is too big'],
  ['KVER', 'incorrect kernel version'],
  ['PROGTYPE', 'the kernel does not support this program type'],
  ['WRNGPID', 'wrong pid in a netlink message'],
  ['INVSEQ', 'invalid netlink sequence'],
  ['NLPARSE', 'a netlink message could not be read'],
] as const;

/** The name of a negative errno, as `ENOENT` (errno(3)). */
export function errnoName(status: Status): string {
  const number = -status;
  const own = libbpfErrors[number - 4000];
  if (own !== undefined) return `LIBBPF_${own[0]}`;
  return internal.get(number)?.name ?? names.get(number) ?? `errno ${number}`;
}

/** The plain meaning of a negative errno, as `no such file or directory`. */
export function errnoText(status: Status): string {
  const number = -status;
  const own = libbpfErrors[number - 4000];
  return own?.[1] ?? internal.get(number)?.text ?? getSystemErrorMap().get(status)?.[1] ?? 'unknown error';
}

/** Whether a negative errno says that this process or the machine is short of something, which explains itself. */
export function isShortage(status: Status): boolean {
  return ['EMFILE', 'ENFILE', 'ENOMEM'].includes(errnoName(status));
}

/** What is known beyond the errno. */
export interface Circumstances {
  readonly reason?: string | undefined;
  readonly hint?: string | undefined;
  readonly log?: string | undefined;
  readonly cause?: unknown;
}

/** The error that stands for a negative errno. */
export function errnoError(status: Status, operation: string, known: Circumstances = {}): BpfError {
  const { reason = errnoText(status), log, cause } = known;
  const code = errnoName(status);
  const hint = known.hint ?? (code === 'EPERM' && known.reason === undefined ? obstacles() : undefined);
  return new BpfError({ code, errno: status, operation, reason, hint, log, cause });
}

/** What of this process and this kernel may be behind an EPERM without a better explanation. */
function obstacles(): string | undefined {
  return ifReadable(obstaclesToBpf)?.join('; ') || undefined;
}

/** Whether a call or job answered a negative errno. */
export function failed(result: unknown): result is Errno {
  return typeof result === 'number' && result < 0;
}

/**
 * Passes a result on and turns a negative errno into an error.
 *
 * @throws BpfError with the errno's name as code.
 */
export function check<T>(result: T | Errno, operation: string): T {
  if (failed(result)) throw errnoError(result, operation, closedHint(result));
  return result;
}

function closedHint(status: Status): Circumstances {
  if (errnoName(status) === 'EBUSY')
    return { hint: 'another call on this object is still running: await it first' };
  return {};
}
