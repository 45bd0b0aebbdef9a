/** Streams and messages of sockets in a sockmap or sockhash: sk_skb/… and sk_msg. */

import { constants } from 'node:os';
import * as sections from '../kinds/section-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import type { LinkHandle, Outcome } from '../native/native.js';
import type { KernelPlace } from '../native/place.js';
import {
  type Attacher,
  type AttachKind,
  type AttachRequest,
  capabilities,
  fdOf,
  type HookQuery,
} from './attach-kind.js';
import { describeAttached } from './attached-programs.js';
import { createLink } from './create-link.js';
import { listedHook } from './hook-query.js';
import { missingSupport } from './missing-support.js';
import { requireOption } from './options-check.js';
import { explanation, linkOrThrow } from './result.js';

const { EINVAL } = constants.errno;

/**
 * One map, which takes one program at each of its hooks.
 *
 * @since Linux 4.14 (sock_map_get_from_fd() in net/core/sock_map.c)
 */
export interface SockmapOptions {
  /** A sockmap or sockhash, as `bpf.maps.sockets`. */
  readonly map: KernelPlace;
  /**
   * By default `BPF_PROG_ATTACH` only where the kernel has no such links (before Linux 6.10: sock_map_link_create()
   * in net/core/sock_map.c).
   */
  readonly via?: 'link' | 'prog_attach';
}

const attachSockmap: Attacher<SockmapOptions> = function* (request, options) {
  const map = requireOption(request, 'map', options.map, 'which sockmap');
  const fd = fdOf(map);
  const outcome = yield* attachTo(request, fd, options.via);
  const busy = () => describeAttached(request, fd, 'a map takes one program at each of its hooks');
  return yield* linkOrThrow(request, 'the sockmap', outcome, {
    EBADF: explanation(`there is no map of descriptor ${fd}`),
    EBUSY: busy,
    EEXIST: busy,
    EINVAL: () => explainInvalid(request, busy),
  });
};

/**
 * EINVAL may mean a hook that a program has, an old kernel, or a map that takes no programs (sock_map_link_create()
 * and sock_map_prog_update() in net/core/sock_map.c).
 */
function* explainInvalid(
  request: AttachRequest,
  busy: () => Flow<Circumstances | undefined>,
): Flow<Circumstances | undefined> {
  const reason = 'the map takes no programs of this section: it is no sockmap or sockhash';
  return (yield* busy()) ?? missingSupport(request, 'EINVAL') ?? { reason };
}

function* attachTo(
  request: AttachRequest,
  fd: number,
  via: SockmapOptions['via'],
): Flow<Outcome<LinkHandle>> {
  const withoutLink = () => job('programAttachProg', request.program, ownNetns, fd, false, 0, 0, 0, 0, 0n);
  if (via === 'prog_attach') return yield* withoutLink();
  const outcome = yield* createLink(request, { target: fd });
  if (via === 'link' || outcome[0] !== -EINVAL) return outcome;
  const second = yield* withoutLink();
  return second[0] === -EINVAL ? outcome : second;
}

/** Which sockmap. */
export type SockmapHook = Pick<SockmapOptions, 'map'>;

const querySockmap: HookQuery<SockmapHook> = (context, { map }) => {
  const target = fdOf(requireOption(context, 'map', map, 'which sockmap'));
  return listedHook(context, { netns: ownNetns, target });
};

export const sockmap = {
  sections: sections.sockmap,
  since: '4.14',
  later: { sk_msg: '4.17', 'sk_skb/verdict': '5.13' },
  abilities: { link: '6.10' },
  config: ['BPF_STREAM_PARSER'],
  capabilities: capabilities.network,
  needs: ['map'],
  places: { map: 'map' },
  takes: ['map', 'via'],
  attach: attachSockmap,
  asks: ['map'],
  query: querySockmap,
} as const satisfies AttachKind;
