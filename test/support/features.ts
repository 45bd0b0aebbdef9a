/** What of the kernel tests need, and from where on a kernel must have it. */

/** One thing that some kernels can and others cannot. */
export interface Feature {
  /** The first version of Linux that has it; what a distribution ports back counts as absent. */
  readonly since: string;
  /** The options that it takes, without `CONFIG_`. */
  readonly config: readonly string[];
  /** More that this kernel must be or do, each asked of something that is not our library. */
  readonly also?: readonly Condition[];
}

/** What a kernel may do or not for reasons that its version and options do not tell. */
export type Condition = 'patches its text' | 'runs BPF security hooks' | 'is in a virtual machine';

const tracing = ['BPF_EVENTS'];
/** Programs that the kernel calls from a trampoline: a jump that it writes into its own functions. */
const trampoline = ['BPF_JIT', 'DEBUG_INFO_BTF', 'DYNAMIC_FTRACE_WITH_DIRECT_CALLS'];

/**
 * By name. A row is added with the first test that needs it; versions are of the first release with the feature on
 * x86-64, as the kernel's history tells them.
 */
export const features = {
  ringbuf: { since: '5.8', config: ['BPF_SYSCALL'] },
  tracepoint: { since: '4.7', config: tracing },
  raw_tp: { since: '4.17', config: tracing },
  cookie: { since: '5.15', config: tracing },
  'raw_tp.cookie': { since: '6.10', config: [...tracing, 'DEBUG_INFO_BTF'] },
  // Before it libbpf attaches to perf events with ioctl(2), which makes no link.
  'perf_event.link': { since: '5.15', config: tracing },
  'perf_event.info': { since: '6.6', config: tracing },
  // A probe's arguments are found by its cookie.
  usdt: { since: '5.15', config: [...tracing, 'UPROBE_EVENTS'] },
  tp_btf: { since: '5.5', config: [...tracing, 'DEBUG_INFO_BTF'] },
  kprobe: { since: '4.1', config: [...tracing, 'KPROBE_EVENTS'] },
  'kprobe.multi': { since: '5.18', config: [...tracing, 'FPROBE'] },
  'kprobe.session': { since: '6.10', config: [...tracing, 'FPROBE'] },
  'uprobe.multi': { since: '6.6', config: [...tracing, 'UPROBE_EVENTS'] },
  'uprobe.session': { since: '6.13', config: [...tracing, 'UPROBE_EVENTS'] },
  uprobe: { since: '4.3', config: [...tracing, 'UPROBE_EVENTS'] },
  fentry: { since: '5.5', config: trampoline, also: ['patches its text'] },
  fmod_ret: { since: '5.7', config: trampoline, also: ['is in a virtual machine', 'patches its text'] },
  fsession: { since: '7.0', config: trampoline, also: ['patches its text'] },
  freplace: { since: '5.6', config: trampoline, also: ['patches its text'] },
  lsm: {
    since: '5.7',
    config: [...trampoline, 'BPF_LSM'],
    // Its programs deny: a mistake in one must not reach the machine that somebody works on.
    also: ['is in a virtual machine', 'patches its text', 'runs BPF security hooks'],
  },
  xdp: { since: '5.9', config: ['BPF_SYSCALL', 'NET'] },
  'xdp.frags': { since: '5.18', config: ['BPF_SYSCALL', 'NET'] },
  tc: { since: '4.4', config: ['NET_CLS_BPF', 'NET_SCH_INGRESS'] },
  tcx: { since: '6.6', config: ['NET_XGRESS'] },
  netkit: { since: '6.7', config: ['NETKIT'] },
  netfilter: { since: '6.4', config: ['NETFILTER_BPF_LINK'] },
  'netfilter.defragment': { since: '6.6', config: ['NETFILTER_BPF_LINK', 'NF_DEFRAG_IPV4'] },
  flow_dissector: { since: '5.8', config: ['NET'] },
  sk_lookup: { since: '5.9', config: ['INET'] },
  socket: { since: '3.19', config: ['NET'] },
  sk_reuseport: { since: '5.3', config: ['INET'] },
  sockmap: { since: '4.17', config: ['BPF_STREAM_PARSER'] },
  'sockmap.verdict': { since: '5.13', config: ['BPF_STREAM_PARSER'] },
  'sockmap.link': { since: '6.10', config: ['BPF_STREAM_PARSER'] },
  cgroup: { since: '5.7', config: ['CGROUP_BPF'] },
  'cgroup.unix': { since: '6.7', config: ['CGROUP_BPF'] },
  'cgroup.preorder': { since: '6.15', config: ['CGROUP_BPF'] },
  'cgroup.order': { since: '6.17', config: ['CGROUP_BPF'] },
  lsm_cgroup: {
    since: '6.0',
    config: [...trampoline, 'BPF_LSM', 'CGROUP_BPF'],
    also: ['is in a virtual machine', 'patches its text', 'runs BPF security hooks'],
  },
  iter: { since: '5.8', config: ['BPF_EVENTS', 'DEBUG_INFO_BTF'] },
  'iter.cgroup': { since: '6.1', config: ['BPF_EVENTS', 'DEBUG_INFO_BTF', 'CGROUPS'] },
  struct_ops: { since: '5.6', config: ['BPF_JIT', 'DEBUG_INFO_BTF'] },
  'struct_ops.link': { since: '6.4', config: ['BPF_JIT', 'DEBUG_INFO_BTF'] },
  perf_buffer: { since: '4.7', config: [...tracing, 'PERF_EVENTS'] },
  perf_counter: { since: '4.7', config: ['PERF_EVENTS'] },
  cpu_hotplug: { since: '3.8', config: ['HOTPLUG_CPU', 'PERF_EVENTS'], also: ['is in a virtual machine'] },
  user_ringbuf: { since: '6.1', config: ['BPF_SYSCALL'] },
  time_namespace: { since: '5.6', config: ['TIME_NS'] },
  // The clock of the machine that somebody works on is not a test's to set.
  settime: { since: '4.10', config: ['POSIX_TIMERS'], also: ['is in a virtual machine'] },
  arena: { since: '6.9', config: ['BPF_JIT', 'MMU', '64BIT'] },
} as const satisfies Readonly<Record<string, Feature>>;

export type FeatureName = keyof typeof features;
