/** Files of a BPF file system, and why one could not be made or opened. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoError, errnoName } from '../errno.js';
import type { BpfError } from '../errors.js';
import type { Status } from '../native.js';

/** `BPF_FS_MAGIC`. */
const bpfMagic = 0xcafe4a11;

/** The error of a path that could not be pinned to, or opened. */
export function pinError(status: Status, operation: string, path: string): BpfError {
  return errnoError(status, operation, trouble(errnoName(status), path));
}

function trouble(code: string, path: string): { reason?: string; hint?: string } {
  const folder = dirname(path);
  if (code === 'EEXIST') return { hint: 'unpin it first, or open what is there' };
  if (!existsSync(folder)) return { reason: `there is no folder ${folder}`, hint: `mkdir -p ${folder}` };
  if (statfsSync(folder).type !== bpfMagic)
    return { reason: `${folder} is in no BPF file system`, hint: `mount -t bpf bpf ${folder}` };
  if (code === 'EINVAL') return { reason: 'what is pinned there is no map' };
  return {};
}
