/** All maps that the kernel has. */

import { checkById } from '../native/by-id.js';
import { errnoName } from '../native/errno.js';
import { native } from '../native/native.js';

/**
 * Ids of all maps in the kernel, to be opened by `openMap({ id })`.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN
 * @since Linux 4.13
 */
export function* mapsInKernel(): Generator<number, void, undefined> {
  for (let id = next(0); id !== undefined; id = next(id)) yield id;
}

function next(id: number): number | undefined {
  const found = native().mapNextId(id);
  if (found < 0 && errnoName(found) === 'ENOENT') return undefined;
  return checkById(found, 'list the maps in the kernel');
}
