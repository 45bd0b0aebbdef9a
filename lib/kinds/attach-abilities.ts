/** What came to ways to attach after them: the first kernel of each. Pure data, beside the table of kinds. */

export const attachAbilities = {
  /** Perf events, uprobes, kprobes and tracepoints as links that can be pinned; before it by ioctl(2). */
  'perf_event.link': '5.15',
  /** A link tells what it counts. */
  'perf_event.info': '6.6',
  'kprobe_multi.info': '6.6',
  'uprobe_multi.info': '6.8',
  'tracing.info': '5.13',
  /** What iterators go over, by target; those that are not here came with them. */
  'iter.bpf_map_elem': '5.9',
  'iter.bpf_prog': '5.9',
  'iter.bpf_sk_storage_map': '5.9',
  'iter.tcp': '5.9',
  'iter.udp': '5.9',
  'iter.sockmap': '5.10',
  'iter.task_vma': '5.12',
  'iter.unix': '5.15',
  'iter.bpf_link': '5.19',
  'iter.ksym': '6.0',
  'iter.cgroup': '6.1',
  'iter.kmem_cache': '6.13',
  'iter.dmabuf': '6.16',
  /** One process or thread alone. */
  'iter.task.one': '6.1',
  /** Code that may lie anywhere, for every process: a probe's arguments are found by its cookie. */
  'usdt.shared': '5.15',
  'xdp.link': '5.9',
  'xdp.replace': '5.7',
  'cgroup.link': '5.7',
  'cgroup.replace': '5.6',
  'cgroup.preorder': '6.15',
  'cgroup.order': '6.17',
  'sockmap.link': '6.10',
  'netfilter.defragment': '6.6',
  'socket.reuseport': '4.5',
  'struct_ops.link': '6.4',
  'struct_ops.assoc': '7.0',
  'link.update': '5.7',
  'link.info': '5.8',
  'link.detach': '5.9',
} as const satisfies Readonly<Record<string, string>>;

/** The name of something that came later. */
export type AttachAbility = keyof typeof attachAbilities;
