/** What came to ways to attach after them: the first kernel of each. Pure data, beside the table of kinds. */

export const attachAbilities = {
  /** Perf events, uprobes, kprobes and tracepoints as links that can be pinned; before it by ioctl(2). */
  'perf_event.link': '5.15',
  /** A link tells what it counts. */
  'perf_event.info': '6.6',
  'kprobe_multi.info': '6.6',
  'uprobe_multi.info': '6.8',
  'iter.cgroup': '6.1',
  'iter.task': '6.1',
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
  'link.update': '5.7',
  'link.info': '5.8',
  'link.detach': '5.9',
} as const satisfies Readonly<Record<string, string>>;

/** The name of something that came later. */
export type AttachAbility = keyof typeof attachAbilities;
