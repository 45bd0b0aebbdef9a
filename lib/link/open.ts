/** Links that are there already, by path, id or descriptor. */

import { type Flow, run, runSync } from '../native/flow.js';
import { linkOpening } from '../native/openings.js';
import { ObjectState } from '../native/owner.js';
import { type KernelPlace, openAt } from '../native/place.js';
import { Link } from './link.js';

/**
 * Opens a link that is there: pinned, made by another process, or of a descriptor. Closing it leaves it attached;
 * `detach()` does not.
 *
 * @throws BpfError `ENOENT` where nothing is, `EPERM` by id without CAP_SYS_ADMIN (bpf_link_get_fd_by_id() in
 * kernel/bpf/syscall.c), `EINVAL` where it is no link.
 * @since Linux 5.7; by id 5.8
 * @example
 * ```ts
 * const link = await openLink('/sys/fs/bpf/on_exec');
 * console.log(link.info.programId);
 * await link.detach();
 * ```
 */
export function openLink(place: KernelPlace): Promise<Link> {
  return run(open(place));
}

/** {@link openLink} on this thread. */
export function openLinkSync(place: KernelPlace): Link {
  return runSync(open(place));
}

function* open(place: KernelPlace): Flow<Link> {
  const handle = yield* openAt(place, linkOpening);
  if (typeof place === 'string') return new Link([handle], new ObjectState(place), place, { pinPath: place });
  const name = `link ${linkOpening.idOf(handle)}`;
  return new Link([handle], new ObjectState(name), name, { foreign: true });
}
