/** Programs of a whole network namespace: sk_lookup and flow_dissector. */
import * as sections from '../kinds/section-kinds.js';
import type { Flow } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import {
  type Attacher,
  type AttachKind,
  type AttachRequest,
  capabilities,
  type HookQuery,
  type Outcomes,
} from './attach-kind.js';
import { describeAttached } from './attached-programs.js';
import { createLink } from './create-link.js';
import { listedHook } from './hook-query.js';
import { inNetns, type Netns } from './network-namespace.js';
import { linkOrThrow } from './result.js';

/**
 * For programs of a whole network namespace: sk_lookup and flow_dissector.
 *
 * @since Linux 5.8 (netns_bpf_link_create() in kernel/bpf/net_namespace.c)
 */
export interface NetnsOptions {
  /** Our own by default. */
  readonly netns?: Netns;
}

const ownNamespace = '/proc/self/ns/net';

const attachNetns: Attacher<NetnsOptions> = (request, { netns = ownNamespace }) =>
  inNetns(request, netns, fd => attachTo(request, fd));

function* attachTo(request: AttachRequest, fd: number): Flow<Outcomes> {
  const outcome = yield* createLink(request, { target: fd });
  const busy = () =>
    describeAttached(request, fd, 'a network namespace takes one flow_dissector, 64 sk_lookup');
  return yield* linkOrThrow(request, 'the network namespace', outcome, {
    EBUSY: busy,
    EEXIST: busy,
    E2BIG: busy,
  });
}

const queryNetns: HookQuery<NetnsOptions> = (context, { netns = ownNamespace }) =>
  inNetns(context, netns, fd => listedHook(context, { netns: ownNetns, target: fd }));

export const netns = {
  sections: sections.netns,
  since: '5.8',
  later: { sk_lookup: '5.9' },
  config: ['INET'],
  capabilities: capabilities.network,
  otherCapabilities: { sk_lookup: capabilities.alone },
  needs: ['netns'],
  takes: ['netns'],
  attach: attachNetns,
  asks: ['netns'],
  query: queryNetns,
} as const satisfies AttachKind;
