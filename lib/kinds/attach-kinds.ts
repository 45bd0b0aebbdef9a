/**
 * Ways to attach a program: which sections mean which kind, what the kernel needs for it. Pure data, from which the
 * types of `attach()`'s options, probes, the support table and contract tests derive.
 */

/** One row of the table. */
export interface AttachKind {
  /** Section names as libbpf's: a `+` at the end allows `/target` behind it. */
  readonly sections: readonly string[];
  /** The first kernel that has it. */
  readonly since: string;
  /** Kernel options that it needs, beside CONFIG_BPF_SYSCALL. */
  readonly config: readonly string[];
  /** True when libbpf attaches it by its section alone, once that names the target. */
  readonly bySection?: true;
  /** Where it is attached instead, if not by `attach()`; a sentence for type errors. */
  readonly instead?: string;
}

const tracing = ['BPF_EVENTS', 'DEBUG_INFO_BTF'] as const;
const trampoline = [...tracing, 'DYNAMIC_FTRACE_WITH_DIRECT_CALLS'] as const;

/** Every section of libbpf 1.7 is in exactly one row; a unit test compares them with libbpf's own list. */
export const attachKinds = {
  kprobe: {
    sections: ['kprobe+', 'kretprobe+'],
    since: '4.1',
    config: ['KPROBES', 'BPF_EVENTS'],
    bySection: true,
  },
  kprobe_multi: {
    sections: ['kprobe.multi+', 'kretprobe.multi+'],
    since: '5.18',
    config: ['FPROBE', 'BPF_EVENTS'],
    bySection: true,
  },
  kprobe_session: {
    sections: ['kprobe.session+'],
    since: '6.10',
    config: ['FPROBE', 'BPF_EVENTS'],
    bySection: true,
  },
  ksyscall: {
    sections: ['ksyscall+', 'kretsyscall+'],
    since: '4.1',
    config: ['KPROBES', 'BPF_EVENTS'],
    bySection: true,
  },
  uprobe: {
    sections: ['uprobe+', 'uprobe.s+', 'uretprobe+', 'uretprobe.s+'],
    since: '4.1',
    config: ['UPROBES', 'BPF_EVENTS'],
    bySection: true,
  },
  uprobe_multi: {
    sections: ['uprobe.multi+', 'uprobe.multi.s+', 'uretprobe.multi+', 'uretprobe.multi.s+'],
    since: '6.6',
    config: ['UPROBES', 'BPF_EVENTS'],
    bySection: true,
  },
  uprobe_session: {
    sections: ['uprobe.session+', 'uprobe.session.s+'],
    since: '6.13',
    config: ['UPROBES', 'BPF_EVENTS'],
    bySection: true,
  },
  usdt: {
    sections: ['usdt+', 'usdt.s+'],
    since: '4.1',
    config: ['UPROBES', 'BPF_EVENTS'],
    bySection: true,
  },
  tracepoint: {
    sections: ['tp+', 'tracepoint+'],
    since: '4.7',
    config: ['BPF_EVENTS'],
    bySection: true,
  },
  raw_tracepoint: {
    sections: ['raw_tp+', 'raw_tp.w+', 'raw_tracepoint+', 'raw_tracepoint.w+'],
    since: '4.17',
    config: ['BPF_EVENTS'],
    bySection: true,
  },
  tp_btf: { sections: ['tp_btf+'], since: '5.5', config: tracing, bySection: true },
  fentry: {
    sections: ['fentry+', 'fentry.s+', 'fexit+', 'fexit.s+'],
    since: '5.5',
    config: trampoline,
    bySection: true,
  },
  fmod_ret: { sections: ['fmod_ret+', 'fmod_ret.s+'], since: '5.7', config: trampoline, bySection: true },
  fsession: { sections: ['fsession+', 'fsession.s+'], since: '7.0', config: trampoline, bySection: true },
  freplace: { sections: ['freplace+'], since: '5.6', config: trampoline, bySection: true },
  lsm: { sections: ['lsm+', 'lsm.s+'], since: '5.7', config: [...trampoline, 'BPF_LSM'], bySection: true },
  iter: { sections: ['iter+', 'iter.s+'], since: '5.8', config: tracing, bySection: true },
  perf_event: { sections: ['perf_event'], since: '4.9', config: ['BPF_EVENTS', 'PERF_EVENTS'] },
  xdp: { sections: ['xdp', 'xdp.frags'], since: '5.9', config: ['NET'] },
  tcx: {
    sections: ['tcx/ingress', 'tcx/egress', 'tc/ingress', 'tc/egress'],
    since: '6.6',
    config: ['NET_XGRESS'],
  },
  tc: { sections: ['tc', 'classifier'], since: '4.1', config: ['NET_CLS_BPF', 'NET_SCH_INGRESS'] },
  netkit: { sections: ['netkit/primary', 'netkit/peer'], since: '6.7', config: ['NETKIT'] },
  netfilter: { sections: ['netfilter'], since: '6.4', config: ['NETFILTER_BPF_LINK'] },
  netns: { sections: ['sk_lookup', 'flow_dissector'], since: '5.9', config: ['NET'] },
  cgroup: {
    sections: [
      'cgroup_skb/ingress',
      'cgroup_skb/egress',
      'cgroup/sock_create',
      'cgroup/sock_release',
      'cgroup/sock',
      'cgroup/post_bind4',
      'cgroup/post_bind6',
      'cgroup/bind4',
      'cgroup/bind6',
      'cgroup/connect4',
      'cgroup/connect6',
      'cgroup/connect_unix',
      'cgroup/sendmsg4',
      'cgroup/sendmsg6',
      'cgroup/sendmsg_unix',
      'cgroup/recvmsg4',
      'cgroup/recvmsg6',
      'cgroup/recvmsg_unix',
      'cgroup/getpeername4',
      'cgroup/getpeername6',
      'cgroup/getpeername_unix',
      'cgroup/getsockname4',
      'cgroup/getsockname6',
      'cgroup/getsockname_unix',
      'cgroup/sysctl',
      'cgroup/getsockopt',
      'cgroup/setsockopt',
      'cgroup/dev',
      'sockops',
      'lsm_cgroup+',
    ],
    since: '4.10',
    config: ['CGROUP_BPF'],
  },
  sockmap: {
    sections: ['sk_skb/stream_parser', 'sk_skb/stream_verdict', 'sk_skb/verdict', 'sk_msg'],
    since: '4.14',
    config: ['BPF_STREAM_PARSER'],
  },
  socket: { sections: ['socket'], since: '3.19', config: ['NET'] },
  sk_reuseport: {
    sections: ['sk_reuseport', 'sk_reuseport/migrate'],
    since: '4.19',
    config: ['INET'],
  },
  lirc: { sections: ['lirc_mode2'], since: '4.18', config: ['BPF_LIRC_MODE2'] },
  cgroup_skb: {
    sections: ['cgroup/skb'],
    since: '4.10',
    config: ['CGROUP_BPF'],
    instead: 'its section does not say the direction: use cgroup_skb/ingress or cgroup_skb/egress',
  },
  sk_skb: {
    sections: ['sk_skb'],
    since: '4.14',
    config: ['BPF_STREAM_PARSER'],
    instead:
      'its section does not say the hook: use sk_skb/stream_parser, sk_skb/stream_verdict or sk_skb/verdict',
  },
  struct_ops: {
    sections: ['struct_ops+', 'struct_ops.s+'],
    since: '5.6',
    config: trampoline,
    instead: 'it attaches through its map: bpf.maps.NAME.attach()',
  },
  syscall: {
    sections: ['syscall'],
    since: '5.14',
    config: [],
    instead: 'it is not attached but run: testRun()',
  },
  xdp_redirect: {
    sections: ['xdp/devmap', 'xdp.frags/devmap', 'xdp/cpumap', 'xdp.frags/cpumap'],
    since: '5.8',
    config: ['NET'],
    instead: 'it runs for entries of a devmap or cpumap that name it',
  },
  lwt: {
    sections: ['lwt_in', 'lwt_out', 'lwt_xmit', 'lwt_seg6local'],
    since: '4.10',
    config: ['LWTUNNEL_BPF'],
    instead: 'a route names it: pin the program, then `ip route add … encap bpf`',
  },
  action: {
    sections: ['action'],
    since: '4.1',
    config: ['NET_ACT_BPF'],
    instead: 'a tc filter names it: pin the program, then `tc filter add … action bpf`',
  },
} as const satisfies Record<string, AttachKind>;

/** The name of a way to attach. */
export type AttachKindName = keyof typeof attachKinds;

/** The kind that a section means; undefined for a section that libbpf 1.7 does not know. */
export function attachKindOf(section: string): AttachKindName | undefined {
  const names = Object.keys(attachKinds) as AttachKindName[];
  return names.find(name => attachKinds[name].sections.some(pattern => matches(pattern, section)));
}

/** What stands behind the slash of a section that may have a target; undefined where it has none. */
export function targetOf(section: string): string | undefined {
  const kind = attachKindOf(section);
  if (kind === undefined) return undefined;
  const pattern = attachKinds[kind].sections.find(pattern => matches(pattern, section)) ?? '';
  const target = section.slice(pattern.length);
  return pattern.endsWith('+') && target !== '' ? target : undefined;
}

/** True when the section names both how and where to attach, and libbpf can do it by that alone. */
export function attachesBySection(section: string): boolean {
  const kind = attachKindOf(section);
  const row: AttachKind | undefined = kind && attachKinds[kind];
  return row?.bySection === true && targetOf(section) !== undefined;
}

function matches(pattern: string, section: string): boolean {
  if (!pattern.endsWith('+')) return section === pattern;
  const prefix = pattern.slice(0, -1);
  return section === prefix || section.startsWith(`${prefix}/`);
}
