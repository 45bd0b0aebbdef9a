/** Link types of libbpf 1.7: number and first kernel (`enum bpf_link_type` in include/uapi/linux/bpf.h). Pure data. */

/** One row of the table. */
export interface LinkTypeRow {
  /** `enum bpf_link_type`. */
  readonly type: number;
  /** The first release of Linux that makes such links. */
  readonly since: string;
  /** True where kernels had the number before. */
  readonly early?: boolean;
}

/** Names are those of libbpf_bpf_link_type_str() in libbpf.c. */
export const linkTypes = {
  raw_tracepoint: { type: 1, since: '5.7' },
  tracing: { type: 2, since: '5.7' },
  cgroup: { type: 3, since: '5.7' },
  iter: { type: 4, since: '5.8' },
  netns: { type: 5, since: '5.8' },
  xdp: { type: 6, since: '5.9' },
  perf_event: { type: 7, since: '5.15' },
  kprobe_multi: { type: 8, since: '5.18' },
  struct_ops: { type: 9, since: '6.4', early: true },
  netfilter: { type: 10, since: '6.4' },
  tcx: { type: 11, since: '6.6' },
  uprobe_multi: { type: 12, since: '6.6' },
  netkit: { type: 13, since: '6.7' },
  sockmap: { type: 14, since: '6.10' },
} as const satisfies Readonly<Record<string, LinkTypeRow>>;

/** The name of a link type, as `tcx`. */
export type LinkTypeName = keyof typeof linkTypes;
