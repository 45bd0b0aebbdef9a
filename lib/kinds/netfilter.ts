/** Words for the places of netfilter. */

/** `NFPROTO_IPV4`, `NFPROTO_IPV6`. */
export const netfilterFamilies = { ipv4: 2, ipv6: 10 } as const;

/** `enum nf_inet_hooks`. */
export const netfilterHooks = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 } as const;

/** A protocol that netfilter filters. */
export type NetfilterFamily = keyof typeof netfilterFamilies;

/** Where in the path of packets netfilter filters. */
export type NetfilterHook = keyof typeof netfilterHooks;
