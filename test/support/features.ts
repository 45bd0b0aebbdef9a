/** What of the kernel tests need, and from where on a kernel must have it. */
import { attachAbilities } from '../../lib/kinds/attach-abilities.js';
import { type AttachKind, attachKindOf, attachKinds, sinceOf } from '../../lib/kinds/attach-kinds.js';
import { type MapKind, type MapKindName, mapKinds } from '../../lib/kinds/map-kinds.js';
import { testRunKinds } from '../../lib/kinds/test-runs.js';

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

const guest = ['is in a virtual machine', 'patches its text'] as const;
/** Its programs deny: a mistake in one must not reach the machine that somebody works on. */
const denying = [...guest, 'runs BPF security hooks'] as const;

/** A way to attach: what the library's table says of a section. */
function attaching(section: string, also: readonly Condition[] = []): Feature {
  const [kind, since] = [attachKindOf(section), sinceOf(section)];
  if (kind === undefined || since === undefined) throw new Error(`the table has no section ${section}`);
  return { since, config: ['BPF_SYSCALL', ...attachKinds[kind].config], also };
}

/** What came to a way to attach later. */
function later(ability: keyof typeof attachAbilities, section: string): Feature {
  return { ...attaching(section), since: attachAbilities[ability] };
}

/** Cookies of a way to attach. */
function cookieOf(kind: keyof typeof attachKinds): Feature {
  const { cookie = 'never' }: AttachKind = attachKinds[kind];
  return { ...attaching(attachKinds[kind].sections[0].replace('+', '')), since: cookie };
}

/** Kinds of maps: what the library's table says of each. */
function kindsOfMaps(): Record<`map.${MapKindName}`, Feature> {
  const rows = Object.entries<MapKind>(mapKinds).map(([name, { since, config = [] }]) => {
    return [`map.${name}`, { since, config: ['BPF_SYSCALL', ...config] }];
  });
  return Object.fromEntries(rows);
}

/** Test runs: what the library's table says of each kind, and of what it takes. */
function testRuns() {
  const { xdp, skb, sk_lookup, struct_ops, netfilter } = testRunKinds;
  return {
    'test_run.xdp_context': { since: xdp.later.context, config: ['BPF_SYSCALL', 'NET'] },
    'test_run.xdp_live': { since: xdp.later.live, config: ['BPF_SYSCALL', 'NET'] },
    'test_run.checksum': { since: skb.later.checksumComplete, config: ['BPF_SYSCALL', 'NET'] },
    'test_run.sk_lookup': { since: sk_lookup.since, config: ['BPF_SYSCALL', 'INET'] },
    'test_run.struct_ops': { since: struct_ops.since, config: [...attachKinds.struct_ops.config, 'NET'] },
    'test_run.netfilter': { since: netfilter.since, config: attachKinds.netfilter.config },
  };
}

/** By name. What attaches is in the library's table; the other rows come with the first test that needs them. */
export const features = {
  ...kindsOfMaps(),
  // Where the hooks are off, the kernel looks for this storage in memory of another.
  'map.inode_storage': { since: '5.10', config: ['BPF_LSM'], also: ['runs BPF security hooks'] },
  'map.take': { since: '5.14', config: ['BPF_SYSCALL'] },
  'map.one_cpu': { since: '7.0', config: ['BPF_SYSCALL'] },
  // Before it the kernel's own types have a number alone.
  'btf.name': { since: '5.11', config: ['BPF_SYSCALL', 'DEBUG_INFO_BTF'] },
  ringbuf: { since: '5.8', config: ['BPF_SYSCALL'] },
  perf_buffer: { since: '4.7', config: ['BPF_EVENTS', 'PERF_EVENTS'] },
  perf_counter: { since: '4.7', config: ['PERF_EVENTS'] },
  cpu_hotplug: { since: '3.8', config: ['HOTPLUG_CPU', 'PERF_EVENTS'], also: ['is in a virtual machine'] },
  // Their memory comes from pages that need no waiting, which a machine of memory that is shared out may not have.
  streams: { since: '6.17', config: ['BPF_SYSCALL'], also: ['is in a virtual machine'] },
  trace_pipe: { since: '4.17', config: ['BPF_EVENTS', 'FTRACE'] },
  'globals.lock': { since: '6.2', config: ['BPF_SYSCALL'] },
  'ringbuf.overwrite': { since: '6.19', config: ['BPF_SYSCALL'] },
  time_namespace: { since: '5.6', config: ['TIME_NS'] },
  // The clock of the machine that somebody works on is not a test's to set.
  settime: { since: '4.10', config: ['POSIX_TIMERS'], also: ['is in a virtual machine'] },
  arena: { since: '6.9', config: ['BPF_JIT', 'MMU', '64BIT'] },
  tracepoint: attaching('tp'),
  raw_tp: attaching('raw_tp'),
  'raw_tp.w': attaching('raw_tp.w'),
  'raw_tp.cookie': cookieOf('tp_btf'),
  cookie: cookieOf('tracepoint'),
  // Before it libbpf attaches to perf events with ioctl(2), which makes no link.
  'perf_event.link': later('perf_event.link', 'perf_event'),
  'perf_event.info': later('perf_event.info', 'perf_event'),
  breakpoint: {
    ...attaching('perf_event'),
    config: [...attaching('perf_event').config, 'HAVE_HW_BREAKPOINT'],
  },
  // A probe's arguments are found by its cookie.
  usdt: later('usdt.shared', 'usdt'),
  'usdt.s': attaching('usdt.s'),
  tp_btf: attaching('tp_btf'),
  kprobe: attaching('kprobe'),
  'kprobe.multi': attaching('kprobe.multi'),
  'kprobe.session': attaching('kprobe.session'),
  uprobe: attaching('uprobe'),
  'uprobe.s': attaching('uprobe.s'),
  'uprobe.multi': attaching('uprobe.multi'),
  'uprobe_multi.info': later('uprobe_multi.info', 'uprobe.multi'),
  'uprobe.session': attaching('uprobe.session'),
  fentry: attaching('fentry', ['patches its text']),
  fmod_ret: attaching('fmod_ret', guest),
  fsession: attaching('fsession', ['patches its text']),
  // Of system calls: before it, only where CONFIG_FUNCTION_ERROR_INJECTION lists them.
  'fentry.s': { ...attaching('fentry.s', guest), since: '7.0' },
  freplace: attaching('freplace', ['patches its text']),
  'freplace.info': later('tracing.info', 'freplace'),
  lsm: attaching('lsm', denying),
  lsm_cgroup: attaching('lsm_cgroup', denying),
  // Before it, of other hooks than file_open.
  'lsm.s': { ...attaching('lsm.s', denying), since: '5.11' },
  xdp: later('xdp.link', 'xdp'),
  'xdp.frags': attaching('xdp.frags'),
  'xdp.cpumap': attaching('xdp/cpumap'),
  tc: attaching('tc'),
  tcx: attaching('tcx/ingress'),
  netkit: attaching('netkit/primary'),
  netfilter: attaching('netfilter'),
  'netfilter.defragment': {
    ...later('netfilter.defragment', 'netfilter'),
    config: [...attachKinds.netfilter.config, 'NF_DEFRAG_IPV4'],
  },
  flow_dissector: attaching('flow_dissector'),
  sk_lookup: attaching('sk_lookup'),
  socket: attaching('socket'),
  sk_reuseport: attaching('sk_reuseport'),
  'sk_reuseport.migrate': attaching('sk_reuseport/migrate'),
  sockmap: attaching('sk_msg'),
  'sockmap.verdict': attaching('sk_skb/verdict'),
  'sockmap.link': later('sockmap.link', 'sk_msg'),
  cgroup: later('cgroup.link', 'cgroup/connect4'),
  'cgroup.sock_release': attaching('cgroup/sock_release'),
  'cgroup.unix': attaching('cgroup/connect_unix'),
  'cgroup.preorder': later('cgroup.preorder', 'cgroup/connect4'),
  'cgroup.order': later('cgroup.order', 'cgroup/connect4'),
  lwt: attaching('lwt_xmit'),
  action: attaching('action'),
  iter: attaching('iter'),
  'iter.s': attaching('iter.s'),
  'iter.cgroup': { ...later('iter.cgroup', 'iter'), config: [...attachKinds.iter.config, 'CGROUPS'] },
  'iter.task': later('iter.task.one', 'iter'),
  'iter.task_vma': later('iter.task_vma', 'iter'),
  'iter.unix': later('iter.unix', 'iter'),
  'iter.bpf_link': later('iter.bpf_link', 'iter'),
  'iter.ksym': later('iter.ksym', 'iter'),
  'iter.kmem_cache': later('iter.kmem_cache', 'iter'),
  syscall: attaching('syscall'),
  ...testRuns(),
  struct_ops: attaching('struct_ops'),
  'struct_ops.link': later('struct_ops.link', 'struct_ops'),
  'struct_ops.assoc': later('struct_ops.assoc', 'struct_ops'),
  sched_ext: {
    since: '6.12',
    config: ['SCHED_CLASS_EXT'],
    // It takes over the scheduling of the whole machine.
    also: ['is in a virtual machine'],
  },
} as const satisfies Readonly<Record<string, Feature>>;

export type FeatureName = keyof typeof features;
