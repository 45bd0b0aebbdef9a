/**
 * What came to links after them: the first kernel of each (bpf_link_get_info_by_fd() in kernel/bpf/syscall.c and the
 * operations that it calls). Pure data.
 */
export const linkAbilities = {
  /** Perf events, uprobes, kprobes and tracepoints as links that can be pinned; before it by ioctl(2). */
  ofPerfEvents: '5.15',
  /** A link tells what it counts. */
  'perf_event.info': '6.6',
  'uprobe_multi.info': '6.8',
  'tracing.info': '5.13',
  ofStructOps: '6.4',
  /** A program that is associated with a table of struct_ops. */
  assocStructOps: '7.0',
} as const satisfies Readonly<Record<string, string>>;
