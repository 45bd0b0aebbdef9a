/** Cgroups as BPF programs number them. */
import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { requireText } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import { cgroupMounts } from './cgroup-mounts.js';
import { systemText } from './system-file.js';

/** `CGROUP2_SUPER_MAGIC` in include/uapi/linux/magic.h. */
const cgroup2 = 0x63677270;

/**
 * The number of a cgroup, as `bpf_get_current_cgroup_id()` gives it and `filter_cgroup` of `libbpf-ts.bpf.h` takes it.
 *
 * @param path - a directory of cgroup v2. Default: the one that this process is in.
 * @throws BpfError with the errno's name for a path that is not there, `EBADF` for what is no cgroup v2 directory.
 * @since Linux 5.5; before, the number was not the directory's inode (kernfs_ino() in include/linux/kernfs.h).
 *
 * @example
 * ```ts
 * console.log(cgroupId());
 * ```
 */
export function cgroupId(path: string = ownCgroup()): bigint {
  requireText('cgroupId()', 'a path', path);
  const operation = `number cgroup ${path}`;
  try {
    if (statfsSync(path).type === cgroup2) return statSync(path, { bigint: true }).ino;
  } catch (cause) {
    const { code = 'EBADF', errno } = cause as NodeJS.ErrnoException;
    throw new BpfError({ code, errno, operation, reason: 'it cannot be read', cause });
  }
  const reason = 'it is no cgroup v2 directory';
  throw new BpfError({ code: 'EBADF', operation, reason, hint: 'see /proc/self/mounts for cgroup2' });
}

/** The line of the second version begins with `0::`; see cgroups(7). */
function ownCgroup(): string {
  const [, path = '/'] = /^0::(.*)$/m.exec(systemText('/proc/self/cgroup')) ?? [];
  return join(cgroupMounts()[0] ?? '/sys/fs/cgroup', path);
}
