/** What maps of descriptors take: whatever has one, or the number itself. */
import { closeSync, openSync } from 'node:fs';
import { BpfError } from '../errors/bpf-error.js';

/** A program, map, perf event or socket of ours, or a descriptor. */
export type WithDescriptor = { readonly fd: number } | number;

/**
 * The descriptor.
 *
 * @throws BpfError `ERR_BPF_VALUE` for anything else.
 */
export function descriptorOf(given: WithDescriptor, operation: string): number {
  const fd = typeof given === 'number' ? given : given?.fd;
  if (Number.isInteger(fd) && fd >= 0) return fd;
  const reason = `takes a descriptor or what has one as its fd, got ${String(given)}`;
  throw new BpfError({ code: 'ERR_BPF_VALUE', operation, reason });
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
