/** Network namespaces, in which interfaces and hooks are. */
import { BpfError } from '../errors/bpf-error.js';
import type { WithDescriptor } from '../native/descriptor.js';
import type { Flow } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import type { ErrorContext } from './attach-kind.js';
import { fileSystemOf, nameOfFile, withFile } from './file.js';

/** A network namespace: a file, as `/run/netns/blue`, the id of a process that is in it, or `{ fd }`. */
export type Netns = string | number | WithDescriptor;

/** `NSFS_MAGIC`. */
const namespaceFiles = 0x6e736673;

/**
 * Opens a network namespace for the length of a flow; {@link ownNetns} where none is named.
 *
 * @throws BpfError where the file cannot be opened, or is no namespace.
 */
export function* inNetns<T>(
  context: ErrorContext,
  netns: Netns | undefined,
  use: (fd: number) => Flow<T>,
): Flow<T> {
  if (netns === undefined) return yield* use(ownNetns);
  const path = pathOf(netns);
  const { operation } = context;
  const what = 'a network namespace: a file as /run/netns/NAME, or the id of a process';
  return yield* withFile(path, { operation, what }, function* (fd) {
    if (fileSystemOf(fd) === namespaceFiles) return yield* use(fd);
    throw new BpfError({
      code: 'EINVAL',
      operation,
      reason: `${nameOfFile(path)} is no namespace`,
      hint: `give ${what}`,
    });
  });
}

function pathOf(netns: Netns): string | WithDescriptor {
  return typeof netns === 'number' ? `/proc/${netns}/ns/net` : netns;
}
