/** The hooks of iptables and nftables: netfilter. */

import {
  type NetfilterFamily,
  type NetfilterHook,
  netfilterFamilies,
  netfilterHooks,
} from '../kinds/netfilter.js';
import * as sections from '../kinds/section-kinds.js';
import { tooOld } from '../native/kernel-support.js';
import { type Attacher, type AttachKind, capabilities } from './attach-kind.js';
import { describeOnlyHolder } from './attached-programs.js';
import { createLink } from './create-link.js';
import { inNetns, type Netns } from './network-namespace.js';
import { flagOf, requireOption } from './options-check.js';
import { explanation, linkOrThrow } from './result.js';

/**
 * One hook of one protocol, in one network namespace.
 *
 * @since Linux 6.4 (bpf_nf_link_attach() in net/netfilter/nf_bpf_link.c)
 */
export interface NetfilterOptions {
  readonly family: NetfilterFamily;
  readonly hook: NetfilterHook;
  /**
   * Lower ones run first; iptables' `filter` is 0, connection tracking -200, destination NAT -100. Neither the
   * lowest nor the highest 32-bit integer is allowed, and two BPF programs cannot have the same.
   */
  readonly priority: number;
  /**
   * Put fragments together first; then the priority has to be above -400 (bpf_nf_check_pf_and_hooks() in
   * net/netfilter/nf_bpf_link.c). @since Linux 6.6
   */
  readonly defragment?: boolean;
  /** Our own by default. Others take CAP_SYS_ADMIN (netns_install() in net/core/net_namespace.c). */
  readonly netns?: Netns;
}

/** `BPF_F_NETFILTER_IP_DEFRAG`. */
const defragFlag = 1;

const attachNetfilter: Attacher<NetfilterOptions> = function* (request, options) {
  const family = requireOption(request, 'family', options.family, 'the protocol');
  const hook = requireOption(request, 'hook', options.hook, 'which hook');
  const priority = requireOption(request, 'priority', options.priority, 'its place among others');
  return yield* inNetns(request, options.netns, function* (netns) {
    const members = {
      'netfilter.pf': flagOf(request, 'family', netfilterFamilies, family),
      'netfilter.hooknum': flagOf(request, 'hook', netfilterHooks, hook),
      'netfilter.priority': priority,
      'netfilter.flags': options.defragment ? defragFlag : 0,
    };
    const outcome = yield* createLink(request, { netns, target: 0, members });
    return yield* linkOrThrow(request, `${family} ${hook}`, outcome, {
      EBUSY: () => describeHolder({ family, hook, priority }),
      ERANGE: explanation(`${priority} is the lowest or the highest priority, which are the kernel's own`),
      ...(options.defragment && { EINVAL: () => tooOld(netfilter.abilities.defragment, 'defragment') }),
    });
  });
};

/**
 * `struct bpf_link_info` does not say in which namespace a link is (bpf_nf_link_fill_link_info() in
 * net/netfilter/nf_bpf_link.c), so what fits counts only where it is alone.
 */
function* describeHolder({ family, hook, priority }: NetfilterOptions) {
  const hint = 'give another priority';
  const sits = yield* describeOnlyHolder(
    link =>
      link.type === 'netfilter' && link.family === family && link.hook === hook && link.priority === priority,
    hint,
  );
  return sits ?? { reason: `another BPF program has priority ${priority} there`, hint };
}

export const netfilter = {
  sections: sections.netfilter,
  since: '6.4',
  abilities: { defragment: '6.6' },
  config: ['NETFILTER_BPF_LINK'],
  capabilities: capabilities.network,
  needs: ['family', 'hook', 'priority'],
  takes: ['family', 'hook', 'priority', 'defragment', 'netns'],
  attach: attachNetfilter,
} as const satisfies AttachKind;
