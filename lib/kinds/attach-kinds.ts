/**
 * Ways to attach a program: which sections mean which kind, what the kernel needs for it. Pure data, from which the
 * types of `attach()`'s options, probes, the support table and contract tests derive.
 */

/** One row of the table. */
export interface AttachKind {
  /** Section names as libbpf's: a `+` at the end allows `/target` behind it. */
  readonly sections: readonly string[];
  /** The first kernel that attaches it, in any way that we know; of the sections in `later`, that one. */
  readonly since: string;
  /** Sections that came after the others of their kind. */
  readonly later?: Readonly<Record<string, string>>;
  /** The first kernel that gives its programs a cookie. */
  readonly cookie?: string;
  /** Kernel options that it needs, beside CONFIG_BPF_SYSCALL. */
  readonly config: readonly string[];
  /** True when libbpf attaches it by its section alone, once that names the target. */
  readonly bySection?: true;
  /** The option that names what it attaches to, and may be several names: the first that is there is taken. */
  readonly oneOf?: string;
  /** The options that say where, of what its section leaves open. */
  readonly needs?: readonly string[];
  /** Where it is attached instead, if not by `attach()`; a sentence for type errors. */
  readonly instead?: string;
}

const tracing = ['BPF_EVENTS', 'DEBUG_INFO_BTF'] as const;
/** Programs that the kernel calls from a jump that it writes into its own functions. */
const trampoline = [...tracing, 'BPF_JIT', 'DYNAMIC_FTRACE_WITH_DIRECT_CALLS'] as const;

/** Hooks of cgroups that came after those of packets and new sockets. */
const laterInCgroups = {
  sockops: '4.13',
  'cgroup/dev': '4.15',
  'cgroup/bind4': '4.17',
  'cgroup/bind6': '4.17',
  'cgroup/connect4': '4.17',
  'cgroup/connect6': '4.17',
  'cgroup/post_bind4': '4.17',
  'cgroup/post_bind6': '4.17',
  'cgroup/sendmsg4': '4.18',
  'cgroup/sendmsg6': '4.18',
  'cgroup/recvmsg4': '5.2',
  'cgroup/recvmsg6': '5.2',
  'cgroup/sysctl': '5.2',
  'cgroup/getsockopt': '5.3',
  'cgroup/setsockopt': '5.3',
  'cgroup/getpeername4': '5.8',
  'cgroup/getpeername6': '5.8',
  'cgroup/getsockname4': '5.8',
  'cgroup/getsockname6': '5.8',
  'cgroup/sock_release': '5.9',
  'cgroup/connect_unix': '6.7',
  'cgroup/sendmsg_unix': '6.7',
  'cgroup/recvmsg_unix': '6.7',
  'cgroup/getpeername_unix': '6.7',
  'cgroup/getsockname_unix': '6.7',
} as const;

/** Every section of libbpf 1.7 is in exactly one row; a unit test compares them with libbpf's own list. */
export const attachKinds = {
  kprobe: {
    needs: ['function'],
    sections: ['kprobe+', 'kretprobe+'],
    since: '4.1',
    config: ['KPROBE_EVENTS', 'BPF_EVENTS'],
    cookie: '5.15',
    bySection: true,
    oneOf: 'function',
  },
  kprobe_multi: {
    needs: ['pattern'],
    sections: ['kprobe.multi+', 'kretprobe.multi+'],
    since: '5.18',
    config: ['FPROBE', 'BPF_EVENTS'],
    cookie: '5.18',
    bySection: true,
  },
  kprobe_session: {
    needs: ['pattern'],
    sections: ['kprobe.session+'],
    since: '6.10',
    config: ['FPROBE', 'BPF_EVENTS'],
    cookie: '6.10',
    bySection: true,
  },
  ksyscall: {
    needs: ['syscall'],
    sections: ['ksyscall+', 'kretsyscall+'],
    since: '4.1',
    config: ['KPROBE_EVENTS', 'BPF_EVENTS'],
    cookie: '5.15',
    bySection: true,
    oneOf: 'syscall',
  },
  uprobe: {
    needs: ['binary', 'function'],
    sections: ['uprobe+', 'uprobe.s+', 'uretprobe+', 'uretprobe.s+'],
    since: '4.3',
    later: { 'uprobe.s+': '6.0', 'uretprobe.s+': '6.0' },
    config: ['UPROBE_EVENTS', 'BPF_EVENTS'],
    cookie: '5.15',
    bySection: true,
    oneOf: 'function',
  },
  uprobe_multi: {
    needs: ['binary', 'pattern'],
    sections: ['uprobe.multi+', 'uprobe.multi.s+', 'uretprobe.multi+', 'uretprobe.multi.s+'],
    since: '6.6',
    config: ['UPROBE_EVENTS', 'BPF_EVENTS'],
    cookie: '6.6',
    bySection: true,
  },
  uprobe_session: {
    needs: ['binary', 'pattern'],
    sections: ['uprobe.session+', 'uprobe.session.s+'],
    since: '6.13',
    config: ['UPROBE_EVENTS', 'BPF_EVENTS'],
    cookie: '6.13',
    bySection: true,
  },
  usdt: {
    needs: ['binary', 'provider', 'name'],
    sections: ['usdt+', 'usdt.s+'],
    since: '4.3',
    later: { 'usdt.s+': '6.0' },
    config: ['UPROBE_EVENTS', 'BPF_EVENTS'],
    cookie: '4.3',
    bySection: true,
    oneOf: 'name',
  },
  tracepoint: {
    needs: ['category', 'name'],
    sections: ['tp+', 'tracepoint+'],
    since: '4.7',
    config: ['BPF_EVENTS'],
    cookie: '5.15',
    bySection: true,
    oneOf: 'name',
  },
  raw_tracepoint: {
    needs: ['name'],
    sections: ['raw_tp+', 'raw_tp.w+', 'raw_tracepoint+', 'raw_tracepoint.w+'],
    since: '4.17',
    later: { 'raw_tp.w+': '5.2', 'raw_tracepoint.w+': '5.2' },
    config: ['BPF_EVENTS'],
    cookie: '6.10',
    bySection: true,
    oneOf: 'name',
  },
  tp_btf: { sections: ['tp_btf+'], since: '5.5', config: tracing, cookie: '6.10', bySection: true },
  fentry: {
    sections: ['fentry+', 'fentry.s+', 'fexit+', 'fexit.s+'],
    since: '5.5',
    later: { 'fentry.s+': '5.10', 'fexit.s+': '5.10' },
    config: trampoline,
    cookie: '5.19',
    bySection: true,
  },
  fmod_ret: {
    sections: ['fmod_ret+', 'fmod_ret.s+'],
    since: '5.7',
    later: { 'fmod_ret.s+': '5.10' },
    config: trampoline,
    cookie: '5.19',
    bySection: true,
  },
  fsession: {
    sections: ['fsession+', 'fsession.s+'],
    since: '7.0',
    config: trampoline,
    cookie: '7.0',
    bySection: true,
  },
  freplace: {
    needs: ['targetFd', 'function'],
    sections: ['freplace+'],
    since: '5.6',
    config: trampoline,
    bySection: true,
  },
  lsm: {
    sections: ['lsm+', 'lsm.s+'],
    since: '5.7',
    later: { 'lsm.s+': '5.10' },
    config: [...trampoline, 'BPF_LSM'],
    cookie: '5.19',
    bySection: true,
  },
  iter: {
    sections: ['iter+', 'iter.s+'],
    since: '5.8',
    later: { 'iter.s+': '5.18' },
    config: tracing,
    bySection: true,
  },
  perf_event: {
    needs: ['event'],
    sections: ['perf_event'],
    since: '4.9',
    config: ['BPF_EVENTS', 'PERF_EVENTS'],
    cookie: '5.15',
  },
  xdp: {
    needs: ['interface'],
    sections: ['xdp', 'xdp.frags'],
    since: '4.8',
    later: { 'xdp.frags': '5.18' },
    config: ['NET'],
  },
  tcx: {
    needs: ['interface'],
    sections: ['tcx/ingress', 'tcx/egress', 'tc/ingress', 'tc/egress'],
    since: '6.6',
    config: ['NET_XGRESS'],
  },
  tc: {
    needs: ['interface', 'direction'],
    sections: ['tc', 'classifier'],
    since: '4.1',
    config: ['NET_CLS_BPF', 'NET_SCH_INGRESS'],
  },
  netkit: {
    needs: ['interface'],
    sections: ['netkit/primary', 'netkit/peer'],
    since: '6.7',
    config: ['NETKIT'],
  },
  netfilter: {
    needs: ['family', 'hook', 'priority'],
    sections: ['netfilter'],
    since: '6.4',
    config: ['NETFILTER_BPF_LINK'],
  },
  netns: {
    needs: ['netns'],
    sections: ['sk_lookup', 'flow_dissector'],
    since: '5.8',
    later: { sk_lookup: '5.9' },
    config: ['INET'],
  },
  cgroup: {
    needs: ['cgroup'],
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
    ],
    since: '4.10',
    later: laterInCgroups,
    config: ['CGROUP_BPF'],
  },
  lsm_cgroup: {
    needs: ['cgroup'],
    sections: ['lsm_cgroup+'],
    since: '6.0',
    config: [...trampoline, 'BPF_LSM', 'CGROUP_BPF'],
  },
  sockmap: {
    needs: ['map'],
    sections: ['sk_skb/stream_parser', 'sk_skb/stream_verdict', 'sk_skb/verdict', 'sk_msg'],
    since: '4.14',
    later: { sk_msg: '4.17', 'sk_skb/verdict': '5.13' },
    config: ['BPF_STREAM_PARSER'],
  },
  socket: { needs: ['socket'], sections: ['socket'], since: '3.19', config: ['NET'] },
  sk_reuseport: {
    needs: ['socket'],
    sections: ['sk_reuseport', 'sk_reuseport/migrate'],
    since: '4.19',
    later: { 'sk_reuseport/migrate': '5.14' },
    config: ['INET'],
  },
  lirc: { needs: ['device'], sections: ['lirc_mode2'], since: '4.18', config: ['BPF_LIRC_MODE2'] },
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
    later: { 'struct_ops.s+': '6.3' },
    config: ['BPF_JIT', 'DEBUG_INFO_BTF'],
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
    later: { 'xdp/cpumap': '5.9', 'xdp.frags/devmap': '5.18', 'xdp.frags/cpumap': '5.18' },
    config: ['NET'],
    instead: 'it runs for entries of a devmap or cpumap that name it',
  },
  lwt: {
    sections: ['lwt_in', 'lwt_out', 'lwt_xmit', 'lwt_seg6local'],
    since: '4.10',
    later: { lwt_seg6local: '4.18' },
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
  return found(section)?.name;
}

/** The first kernel that attaches programs of a section; undefined for a section that libbpf 1.7 does not know. */
export function sinceOf(section: string): string | undefined {
  const { row, pattern = '' } = found(section) ?? {};
  return row?.later?.[pattern] ?? row?.since;
}

/** What stands behind the slash of a section that may have a target; undefined where it has none. */
export function targetOf(section: string): string | undefined {
  const { pattern = '' } = found(section) ?? {};
  const target = section.slice(pattern.length);
  return pattern.endsWith('+') && target !== '' ? target : undefined;
}

/** True when the section names both how and where to attach, and libbpf can do it by that alone. */
export function attachesBySection(section: string): boolean {
  return found(section)?.row.bySection === true && targetOf(section) !== undefined;
}

const rows = Object.entries<AttachKind>(attachKinds).flatMap(([name, row]) =>
  row.sections.map(pattern => ({ name: name as AttachKindName, row, pattern })),
);

function found(section: string) {
  return rows.find(({ pattern }) => sectionMatches(pattern, section));
}

/** Whether a section is of a pattern: `kprobe+` means `kprobe` and what begins with `kprobe/`. */
export function sectionMatches(pattern: string, section: string): boolean {
  if (!pattern.endsWith('+')) return section === pattern;
  const prefix = pattern.slice(0, -1);
  return section === prefix || section.startsWith(`${prefix}/`);
}
