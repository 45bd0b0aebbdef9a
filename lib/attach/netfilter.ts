/** Netfilter: the hooks of iptables and nftables. */
import { job } from '../native/flow.js';
import { tooOldFor } from '../native/kernel-support.js';
import { inNetns, type Netns } from './netns.js';
import { onlyOccupant } from './occupant.js';
import { meaning, settled } from './refusal.js';
import type { Attacher } from './site.js';
import { known, wanted } from './wanted.js';

/** `NFPROTO_IPV4`, `NFPROTO_IPV6`. */
export const families = { ipv4: 2, ipv6: 10 } as const;

/** `enum nf_inet_hooks`. */
export const hooks = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 } as const;

/** One hook of one protocol, in one network namespace. @since Linux 6.4 */
export interface NetfilterOptions {
  readonly family: keyof typeof families;
  readonly hook: keyof typeof hooks;
  /**
   * Lower ones run first; iptables' `filter` is 0, connection tracking -200, destination NAT -100. Neither the
   * lowest nor the highest 32-bit integer is allowed, and two BPF programs cannot have the same.
   */
  readonly priority: number;
  /** Put fragments together first; then the priority has to be above -400. @since Linux 6.6 */
  readonly defragment?: boolean;
  /** Our own by default. Others take CAP_SYS_ADMIN. */
  readonly netns?: Netns;
}

/** `BPF_F_NETFILTER_IP_DEFRAG`. */
const defragFlag = 1;

/** netfilter. */
export const attachNetfilter: Attacher<Partial<NetfilterOptions>> = function* (site, options) {
  const family = wanted(site, 'family', options.family, 'the protocol');
  const hook = wanted(site, 'hook', options.hook, 'which hook');
  const priority = wanted(site, 'priority', options.priority, 'its place among others');
  const flags = options.defragment ? defragFlag : 0;
  return yield* inNetns(site, options.netns, function* (netns) {
    const place = [known(site, 'family', families, family), known(site, 'hook', hooks, hook)] as const;
    const outcome = yield* job('programAttachNetfilter', site.program, netns, ...place, priority, flags);
    return yield* settled(site, `${family} ${hook}`, outcome, {
      EBUSY: () => taken(place, priority),
      ERANGE: meaning(`${priority} is the lowest or the highest priority, which are the kernel's own`),
      ...(options.defragment && { EINVAL: () => defragmenting() }),
    });
  });
};

/** The kernel does not tell in which namespace a link is: what fits may be of another one, if it is not alone. */
function* taken([family, hook]: readonly [number, number], priority: number) {
  const hint = 'give another priority';
  const sits = yield* onlyOccupant(
    link =>
      link.type === 'netfilter' && link.family === family && link.hook === hook && link.priority === priority,
    hint,
  );
  return sits ?? { reason: `another BPF program has priority ${priority} there`, hint };
}

// biome-ignore lint/correctness/useYield: a flow without steps
function* defragmenting() {
  return tooOldFor('netfilter.defragment', 'defragment');
}
