/** Sockets in a sockmap or sockhash: their streams and messages. */
import type { Circumstances } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import { lackingFor } from '../native/kernel-support.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import { occupantsOf } from './occupant.js';
import { meaning, settled } from './refusal.js';
import type { Attacher, Site } from './site.js';
import { wanted } from './wanted.js';

/** One map, which takes one program at each of its hooks. */
export interface SockmapOptions {
  /** A sockmap or sockhash, as `bpf.maps.sockets`, or its descriptor. */
  readonly map: { readonly fd: number } | number;
  /** By default `BPF_PROG_ATTACH` only where the kernel has no such links (before Linux 6.10). */
  readonly via?: 'link' | 'prog_attach';
}

/** sk_skb/… and sk_msg. */
export const attachSockmap: Attacher<Partial<SockmapOptions>> = function* (site, options) {
  const map = wanted(site, 'map', options.map, 'which sockmap');
  const fd = typeof map === 'number' ? map : map.fd;
  const outcome = yield* attachTo(site, fd, options.via);
  const occupied = () => occupantsOf(site, fd, 'a map takes one program at each of its hooks');
  return yield* settled(site, 'the sockmap', outcome, {
    EBADF: meaning(`there is no map of descriptor ${fd}`),
    EBUSY: occupied,
    EEXIST: occupied,
    EINVAL: () => unfit(site, occupied),
  });
};

/** EINVAL of a hook that somebody has, of an old kernel, and of a map that takes no programs. */
function* unfit(
  site: Site,
  occupied: () => Flow<Circumstances | undefined>,
): Flow<Circumstances | undefined> {
  const reason = 'the map takes no programs of this section: it is no sockmap or sockhash';
  return (yield* occupied()) ?? lackingFor(site.section, 'EINVAL') ?? { reason };
}

function* attachTo(site: Site, fd: number, via: SockmapOptions['via']): Flow<Outcome<LinkHandle>> {
  const withoutLink = () => job('programAttachProg', site.program, ownNetns, fd, false, 0, 0, 0, 0, 0n);
  if (via === 'prog_attach') return yield* withoutLink();
  const outcome = yield* job('programAttachSockmap', site.program, fd);
  if (via === 'link' || outcome[0] !== -EINVAL) return outcome;
  const second = yield* withoutLink();
  return second[0] === -EINVAL ? outcome : second;
}

/** The same number on every Linux. */
const EINVAL = 22;
