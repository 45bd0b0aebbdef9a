/** Link types of libbpf 1.7: number and first kernel. Pure data. */

/** Names are those of `libbpf_bpf_link_type_str()`. */
export const linkTypes = {
  raw_tracepoint: { type: 1, since: '5.7' },
  tracing: { type: 2, since: '5.7' },
  cgroup: { type: 3, since: '5.7' },
  iter: { type: 4, since: '5.8' },
  netns: { type: 5, since: '5.8' },
  xdp: { type: 6, since: '5.9' },
  perf_event: { type: 7, since: '5.15' },
  kprobe_multi: { type: 8, since: '5.18' },
  struct_ops: { type: 9, since: '6.4' },
  netfilter: { type: 10, since: '6.4' },
  tcx: { type: 11, since: '6.6' },
  uprobe_multi: { type: 12, since: '6.6' },
  netkit: { type: 13, since: '6.7' },
  sockmap: { type: 14, since: '6.10' },
} as const satisfies Readonly<Record<string, { readonly type: number; readonly since: string }>>;

/** The name of a link type, as `tcx`. */
export type LinkTypeName = keyof typeof linkTypes;
