/** Sections whose programs `attach()` does not attach, and what does. */
import * as sections from '../kinds/section-kinds.js';
import { type AttachKind, capabilities } from './attach-kind.js';

export const cgroup_skb = {
  sections: sections.cgroup_skb,
  since: '4.10',
  config: ['CGROUP_BPF'],
  capabilities: capabilities.network,
  instead: 'its section does not say the direction: use cgroup_skb/ingress or cgroup_skb/egress',
} as const satisfies AttachKind;

export const sk_skb = {
  sections: sections.sk_skb,
  since: '4.14',
  config: ['BPF_STREAM_PARSER'],
  capabilities: capabilities.network,
  instead:
    'its section does not say the hook: use sk_skb/stream_parser, sk_skb/stream_verdict or sk_skb/verdict',
} as const satisfies AttachKind;

export const struct_ops = {
  sections: sections.struct_ops,
  since: '5.6',
  later: { 'struct_ops.s+': '6.3' },
  config: ['BPF_JIT', 'DEBUG_INFO_BTF'],
  capabilities: capabilities.tracing,
  instead: 'it attaches through its map: bpf.maps.NAME.attach()',
} as const satisfies AttachKind;

export const syscall = {
  sections: sections.syscall,
  since: '5.14',
  config: [],
  capabilities: capabilities.alone,
  instead: 'it is not attached but run: testRun()',
} as const satisfies AttachKind;

export const xdp_redirect = {
  sections: sections.xdp_redirect,
  since: '5.8',
  later: { 'xdp/cpumap': '5.9', 'xdp.frags/devmap': '5.18', 'xdp.frags/cpumap': '5.18' },
  config: ['NET'],
  capabilities: capabilities.network,
  instead: 'it runs for entries of a devmap or cpumap that name it',
} as const satisfies AttachKind;

export const lwt = {
  sections: sections.lwt,
  since: '4.10',
  later: { lwt_seg6local: '4.18' },
  config: ['LWTUNNEL_BPF'],
  capabilities: capabilities.network,
  instead: 'a route names it: pin the program, then `ip route add … encap bpf`',
} as const satisfies AttachKind;

export const action = {
  sections: sections.action,
  since: '4.1',
  config: ['NET_ACT_BPF'],
  capabilities: capabilities.network,
  instead: 'a tc filter names it: pin the program, then `tc filter add … action bpf`',
} as const satisfies AttachKind;
