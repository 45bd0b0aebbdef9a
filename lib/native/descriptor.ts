/** Descriptors of the caller's: of what has one as its `fd`, or of a file that is opened for a moment. */
import { closeSync, openSync } from 'node:fs';
import { shown } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';

/**
 * A descriptor, as its own or of anything that has one: `{ fd }`. A bare number is a process, an index or an interface,
 * and never a descriptor.
 */
export interface WithDescriptor {
  readonly fd: number;
}

/**
 * The descriptor.
 *
 * @throws BpfError `ERR_BPF_VALUE` for anything else.
 */
export function descriptorOf(given: WithDescriptor, operation: string): number {
  const fd = given?.fd;
  if (Number.isInteger(fd) && fd >= 0) return fd;
  const hint = typeof given === 'number' ? `a descriptor is { fd: ${given} }` : undefined;
  throw new BpfError({
    code: 'ERR_BPF_VALUE',
    operation,
    reason: `takes what has a descriptor as its fd, got ${shown(given)}`,
    hint,
  });
}

/** Runs `use` with the descriptor of a file, or with one that the caller has. */
export function withFile<T>(file: string | WithDescriptor, operation: string, use: (fd: number) => T): T {
  if (typeof file !== 'string') return use(descriptorOf(file, operation));
  const fd = opened(file, operation);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

function opened(path: string, operation: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const { code = 'EINVAL', errno } = cause as NodeJS.ErrnoException;
    throw new BpfError({ code, errno, operation, reason: `${path} cannot be opened`, cause });
  }
}
