/** A token for probes: what a user namespace may do, from the BPF file system that it was given. */
import { closeSync } from 'node:fs';
import { withFile } from '../attach/file.js';
import { errnoError } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';

/**
 * Has one for the length of a flow; 0 where none is wanted.
 *
 * @throws BpfError where the folder gives none
 */
export function* withToken<T>(path: string | undefined, use: (token: number) => Flow<T>): Flow<T> {
  if (path === undefined) return yield* use(0);
  const operation = `have a BPF token from ${path}`;
  const [token, log] = yield* withFile(path, { operation, what: 'a BPF file system' }, function* (files) {
    return yield* job('tokenCreate', files);
  });
  if (token < 0) throw errnoError(token, operation, { log, hint });
  try {
    return yield* use(token);
  } finally {
    closeSync(token);
  }
}

const hint =
  'a token comes from a BPF file system with delegate_ options, in the user namespace that it was made for';
