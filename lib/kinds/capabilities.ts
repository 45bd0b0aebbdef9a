/** Capabilities that ways to attach take, to load their programs and to attach them. Pure data. */
import { type AttachKindName, attachKindOf } from './attach-kinds.js';

/** What the kernel lets only some processes do; CAP_SYS_ADMIN stands for all of it. */
export type Capability = 'CAP_BPF' | 'CAP_PERFMON' | 'CAP_NET_ADMIN';

const alone = ['CAP_BPF'] as const;
const tracing = ['CAP_BPF', 'CAP_PERFMON'] as const;
const network = ['CAP_BPF', 'CAP_NET_ADMIN'] as const;

/** Of most sections; a test asks the kernel. */
export const capabilitiesByKind: Readonly<Record<AttachKindName, readonly Capability[]>> = {
  kprobe: tracing,
  kprobe_multi: tracing,
  kprobe_session: tracing,
  ksyscall: tracing,
  uprobe: tracing,
  uprobe_multi: tracing,
  uprobe_session: tracing,
  usdt: tracing,
  tracepoint: tracing,
  raw_tracepoint: tracing,
  tp_btf: tracing,
  fentry: tracing,
  fmod_ret: tracing,
  fsession: tracing,
  freplace: ['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN'],
  lsm: tracing,
  iter: tracing,
  perf_event: tracing,
  xdp: network,
  tcx: network,
  tc: network,
  netkit: network,
  netfilter: network,
  netns: network,
  cgroup: network,
  lsm_cgroup: tracing,
  sockmap: network,
  socket: alone,
  sk_reuseport: alone,
  lirc: alone,
  cgroup_skb: network,
  sk_skb: network,
  struct_ops: tracing,
  syscall: alone,
  xdp_redirect: network,
  lwt: network,
  action: network,
};

/** What programs of a section take; undefined for a section that libbpf 1.7 does not know. */
export function capabilitiesOf(section: string): readonly Capability[] | undefined {
  const kind = attachKindOf(section);
  return section === 'sk_lookup' ? alone : kind && capabilitiesByKind[kind];
}
