/** Files that stand for something to attach to: cgroups, network namespaces, devices. */
import { closeSync, openSync, statfsSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';
import { descriptorOf, type WithDescriptor } from '../native/descriptor.js';
import type { Flow } from '../native/flow.js';

/** For messages: `/sys/fs/cgroup`, `descriptor 7`. */
export function nameOfFile(file: string | WithDescriptor): string {
  return typeof file === 'string' ? file : `descriptor ${file.fd}`;
}

/** Whose file system it is: a magic number of statfs(2). */
export function fileSystemOf(fd: number): number {
  return statfsSync(`/proc/self/fd/${fd}`).type;
}

/** What a file stands for, for messages: as `a cgroup v2 directory`. */
export interface Expected {
  readonly operation: string;
  readonly what: string;
  readonly hint?: string;
}

/**
 * Opens a file for the length of a flow, unless the caller has a descriptor of it.
 *
 * @throws BpfError with the errno's name where it cannot be opened.
 */
export function* withFile<T>(
  path: string | WithDescriptor,
  expected: Expected,
  use: (fd: number) => Flow<T>,
): Flow<T> {
  if (typeof path !== 'string') return yield* use(descriptorOf(path, expected.operation));
  const fd = descriptor(path, expected);
  try {
    return yield* use(fd);
  } finally {
    closeSync(fd);
  }
}

function descriptor(path: string, { operation, what, hint }: Expected): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const { code = 'EINVAL', errno } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? `there is no ${path}` : `${path} cannot be opened`;
    throw new BpfError({ code, errno, operation, reason, hint: hint ?? `give ${what}`, cause });
  }
}
