/** Files of a BPF file system, and why one could not be made or opened. */
import { existsSync, statfsSync, unlinkSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { BpfError } from '../errors/bpf-error.js';
import { privilegeHint } from '../host/obstacles.js';
import { type Circumstances, errnoError, errnoName } from './errno.js';
import type { Flow } from './flow.js';
import type { Status } from './native.js';

/** `BPF_FS_MAGIC`. */
const bpfMagic = 0xcafe4a11;

/** What can be pinned. */
export type PinnedKind = 'map' | 'program' | 'link';

/** The error of a path that could not be pinned to, or opened; `what` is expected there. */
export function pinError(
  status: Status,
  operation: string,
  path: string,
  what: PinnedKind = 'map',
): BpfError {
  return errnoError(status, operation, pinTrouble(errnoName(status), path, what));
}

/** What an errno means for a path of a BPF file system; `what` is expected there. */
export function pinTrouble(code: string, path: string, what: PinnedKind = 'map'): Circumstances {
  const folder = dirname(path);
  if (code === 'EEXIST') return { hint: 'unpin it first, or open what is there' };
  if (!existsSync(folder)) return { reason: `there is no folder ${folder}`, hint: `mkdir -p ${folder}` };
  if (!isBpffs(folder)) return noBpffs(folder);
  if (code === 'EROFS') return { reason: `${folder} is mounted read-only`, hint: remount };
  if (code === 'EINVAL') return { reason: `what is pinned there is no ${what}` };
  if (code === 'EACCES') return { reason: `the mode of ${path} or ${folder} does not let this user` };
  if (code !== 'EPERM') return {};
  return basename(path).includes('.') ? dotted : { hint: privilegeHint() };
}

/** Removes the file that something is pinned to. @throws BpfError with the errno's name. */
export function* removePin(path: string, operation: string): Flow<void> {
  try {
    yield { later: () => unlink(path), now: () => unlinkSync(path) };
  } catch (cause) {
    const { code = 'EINVAL', errno } = cause as NodeJS.ErrnoException;
    throw new BpfError({ code, errno, operation, reason: `${path} cannot be removed`, cause });
  }
}

/**
 * @throws BpfError `EINVAL`, as check_path() in libbpf.c has it, where a folder, or the one that it would be made in,
 * is in no BPF file system.
 */
export function requireBpffs(folder: string, operation: string): void {
  let nearest = folder;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  if (isBpffs(nearest)) return;
  throw new BpfError({ code: 'EINVAL', operation, ...noBpffs(folder) });
}

const dotted = { reason: 'a name in a BPF file system has no dot', hint: 'the kernel reserves it' };

const remount = 'mount -o remount,rw the BPF file system, or pin to another';

function isBpffs(folder: string): boolean {
  return statfsSync(folder).type === bpfMagic;
}

function noBpffs(folder: string): { readonly reason: string; readonly hint: string } {
  return { reason: `${folder} is in no BPF file system`, hint: `mount -t bpf bpf ${folder}` };
}
