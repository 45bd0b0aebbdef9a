/** What of the kernel tests need, and from where on a kernel must have it. */
import type { AttachKind } from '../../lib/attach/attach-kind.js';
import { kindOf, sectionSince } from '../../lib/attach/sections.js';
import { type AttachKindName, attachKinds } from '../../lib/attach/table.js';
import { linkAbilities } from '../../lib/kinds/link-abilities.js';
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
  const [kind, since] = [kindOf(section), sectionSince(section)];
  if (kind === undefined || since === undefined) throw new Error(`the table has no section ${section}`);
  return { since, config: ['BPF_SYSCALL', ...kind.config], also };
}

type Pattern = (typeof attachKinds)[AttachKindName]['sections'][number];
type Section = Pattern extends infer P ? (P extends `${infer Name}+` ? Name : P & string) : never;

/** Every section, by its name without a target. */
function attachingEach(): Record<Section, Feature> {
  const patterns = Object.values<AttachKind>(attachKinds).flatMap(({ sections }) => sections);
  const names = patterns.map(pattern => pattern.replace('+', ''));
  return Object.fromEntries(names.map(name => [name, attaching(name)])) as Record<Section, Feature>;
}

/** What came to a way to attach later. */
function later(since: string, section: string): Feature {
  return { ...attaching(section), since };
}

/** Cookies of a way to attach. */
function cookieOf(kind: AttachKindName): Feature {
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
  ...attachingEach(),
  // Where the hooks are off, the kernel looks for this storage in memory of another.
  'map.inode_storage': { since: '5.10', config: ['BPF_LSM'], also: ['runs BPF security hooks'] },
  'map.exclusive': { since: '6.18', config: ['BPF_SYSCALL'] },
  'map.take': { since: '5.14', config: ['BPF_SYSCALL'] },
  'map.one_cpu': { since: '7.0', config: ['BPF_SYSCALL'] },
  // Before it the kernel's own types have a number alone.
  'btf.name': { since: '5.11', config: ['BPF_SYSCALL', 'DEBUG_INFO_BTF'] },
  // Every field of the kernel's structs that is read here.
  structs: { since: '6.18', config: ['DEBUG_INFO_BTF'] },
  ringbuf: { since: '5.8', config: ['BPF_SYSCALL'] },
  perf_buffer: { since: '4.7', config: ['BPF_EVENTS', 'PERF_EVENTS'] },
  perf_counter: { since: '4.7', config: ['PERF_EVENTS'] },
  cpu_hotplug: { since: '3.8', config: ['HOTPLUG_CPU', 'PERF_EVENTS'], also: ['is in a virtual machine'] },
  // Their memory comes from pages that need no waiting, which a machine of memory that is shared out may not have.
  streams: { since: '6.17', config: ['BPF_SYSCALL'], also: ['is in a virtual machine'] },
  trace_pipe: { since: '4.17', config: ['BPF_EVENTS', 'FTRACE'] },
  'globals.lock': { since: '6.2', config: ['BPF_SYSCALL'] },
  'ringbuf.overwrite': { since: '6.19', config: ['BPF_SYSCALL'] },
  // bpf_vlog_finalize() in kernel/bpf/log.c
  verifier_log_size: { since: '6.4', config: ['BPF_SYSCALL'] },
  time_namespace: { since: '5.6', config: ['TIME_NS'] },
  // The clock of the machine that somebody works on is not a test's to set.
  settime: { since: '4.10', config: ['POSIX_TIMERS'], also: ['is in a virtual machine'] },
  arena: { since: '6.9', config: ['BPF_JIT', 'MMU', '64BIT'] },
  tracepoint: attaching('tp'),
  'raw_tp.cookie': cookieOf('tp_btf'),
  cookie: cookieOf('tracepoint'),
  // Before it libbpf attaches to perf events with ioctl(2), which makes no link.
  'perf_event.link': later(linkAbilities.ofPerfEvents, 'perf_event'),
  'perf_event.info': later(linkAbilities['perf_event.info'], 'perf_event'),
  breakpoint: {
    ...attaching('perf_event'),
    config: [...attaching('perf_event').config, 'HAVE_HW_BREAKPOINT'],
  },
  // A probe's arguments are found by its cookie.
  usdt: later(attachKinds.usdt.abilities.shared, 'usdt'),
  'uprobe_multi.info': later(linkAbilities['uprobe_multi.info'], 'uprobe.multi'),
  fentry: attaching('fentry', ['patches its text']),
  fmod_ret: attaching('fmod_ret', guest),
  fsession: attaching('fsession', ['patches its text']),
  // Of system calls: before it, only where CONFIG_FUNCTION_ERROR_INJECTION lists them.
  'fentry.s': { ...attaching('fentry.s', guest), since: '7.0' },
  freplace: attaching('freplace', ['patches its text']),
  'freplace.info': later(linkAbilities['tracing.info'], 'freplace'),
  lsm: attaching('lsm', denying),
  lsm_cgroup: attaching('lsm_cgroup', denying),
  // Before it, of other hooks than file_open.
  'lsm.s': { ...attaching('lsm.s', denying), since: '5.11' },
  xdp: later(attachKinds.xdp.abilities.link, 'xdp'),
  'xdp.bound': later('6.3', 'xdp'),
  'xdp.cpumap': attaching('xdp/cpumap'),
  tcx: attaching('tcx/ingress'),
  netkit: attaching('netkit/primary'),
  'netfilter.defragment': {
    ...later(attachKinds.netfilter.abilities.defragment, 'netfilter'),
    config: [...attachKinds.netfilter.config, 'NF_DEFRAG_IPV4'],
  },
  'sk_reuseport.migrate': attaching('sk_reuseport/migrate'),
  sockmap: attaching('sk_msg'),
  'sockmap.verdict': attaching('sk_skb/verdict'),
  'sockmap.link': later(attachKinds.sockmap.abilities.link, 'sk_msg'),
  cgroup: later(attachKinds.cgroup.abilities.link, 'cgroup/connect4'),
  'cgroup.sock_release': attaching('cgroup/sock_release'),
  'cgroup.unix': attaching('cgroup/connect_unix'),
  'cgroup.preorder': later(attachKinds.cgroup.abilities.preorder, 'cgroup/connect4'),
  'cgroup.order': later(attachKinds.cgroup.abilities.order, 'cgroup/connect4'),
  lwt: attaching('lwt_xmit'),
  'iter.cgroup': {
    ...later(attachKinds.iter.laterTargets.cgroup, 'iter'),
    config: [...attachKinds.iter.config, 'CGROUPS'],
  },
  'iter.task': later(attachKinds.iter.abilities.oneTask, 'iter'),
  'iter.task_vma': later(attachKinds.iter.laterTargets.task_vma, 'iter'),
  'iter.unix': later(attachKinds.iter.laterTargets.unix, 'iter'),
  'iter.bpf_link': later(attachKinds.iter.laterTargets.bpf_link, 'iter'),
  'iter.ksym': later(attachKinds.iter.laterTargets.ksym, 'iter'),
  'iter.kmem_cache': later(attachKinds.iter.laterTargets.kmem_cache, 'iter'),
  ...testRuns(),
  'struct_ops.link': later(linkAbilities.ofStructOps, 'struct_ops'),
  'struct_ops.assoc': later(linkAbilities.assocStructOps, 'struct_ops'),
  sched_ext: {
    since: '6.12',
    config: ['SCHED_CLASS_EXT'],
    // It takes over the scheduling of the whole machine.
    also: ['is in a virtual machine'],
  },
} as const satisfies Readonly<Record<string, Feature>>;

export type FeatureName = keyof typeof features;
