/** Directories of the cgroup v2 tree, at which hooks are. */
import { BpfError } from '../errors/bpf-error.js';
import { cgroupMounts } from '../host/cgroup-mounts.js';
import type { WithDescriptor } from '../native/descriptor.js';
import type { Flow } from '../native/flow.js';
import type { ErrorContext } from './attach-kind.js';
import { fileSystemOf, nameOfFile, withFile } from './file.js';
import { requireOption } from './options-check.js';

/** `CGROUP2_SUPER_MAGIC`. */
const cgroup2 = 0x63677270;

/** Opens a cgroup for the length of a flow. @throws BpfError where it is none. */
export function* inCgroup<T>(
  context: ErrorContext,
  cgroup: string | WithDescriptor | undefined,
  use: (fd: number) => Flow<T>,
): Flow<T> {
  const path = requireOption(context, 'cgroup', cgroup, 'which cgroup');
  const expected = { operation: context.operation, what: 'a cgroup v2 directory', hint: mountsHint() };
  return yield* withFile(path, expected, function* (fd) {
    if (fileSystemOf(fd) !== cgroup2) throw notCgroup(context, nameOfFile(path));
    return yield* use(fd);
  });
}

function mountsHint(): string {
  const mounts = cgroupMounts();
  if (mounts.length === 0)
    return 'cgroup v2 is not mounted here: mount -t cgroup2 none /sys/fs/cgroup/unified';
  return `give a cgroup v2 directory; that tree is mounted at ${mounts.join(' and ')}`;
}

function notCgroup({ operation }: ErrorContext, path: string): BpfError {
  const reason = `${path} is no cgroup v2 directory`;
  return new BpfError({ code: 'EBADF', operation, reason, hint: mountsHint() });
}
