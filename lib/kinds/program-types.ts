/**
 * Program types of libbpf 1.7: number, first kernel (`enum bpf_prog_type` in include/uapi/linux/bpf.h,
 * https://docs.ebpf.io/linux/program-type/), what it must be built with. Pure data.
 */

/** One row of the table. */
export interface ProgramTypeRow {
  /** `enum bpf_prog_type`. */
  readonly type: number;
  /** The first release of Linux that has it. */
  readonly since: string;
  /** Options that the kernel must be built with beyond BPF's own (include/linux/bpf_types.h), without `CONFIG_`. */
  readonly config?: readonly string[];
  /** `enum bpf_attach_type` of one that loads, where 0 is none. */
  readonly attachType?: number;
  /** `BPF_F_…` without which none loads. */
  readonly loadFlags?: number;
  /** It loads only for a function or type of the kernel (bpf_check_attach_target() in kernel/bpf/verifier.c). */
  readonly needsTarget?: boolean;
}

/** Names are those of libbpf_bpf_prog_type_str() in libbpf.c. */
export const programTypes = {
  socket_filter: { type: 1, since: '3.19', config: ['NET'] },
  kprobe: { type: 2, since: '4.1', config: ['BPF_EVENTS'] },
  sched_cls: { type: 3, since: '4.1', config: ['NET'] },
  sched_act: { type: 4, since: '4.1', config: ['NET'] },
  tracepoint: { type: 5, since: '4.7', config: ['BPF_EVENTS'] },
  xdp: { type: 6, since: '4.8', config: ['NET'] },
  perf_event: { type: 7, since: '4.9', config: ['BPF_EVENTS'] },
  cgroup_skb: { type: 8, since: '4.10', config: ['CGROUP_BPF'] },
  cgroup_sock: { type: 9, since: '4.10', config: ['CGROUP_BPF'] },
  lwt_in: { type: 10, since: '4.10', config: ['NET'] },
  lwt_out: { type: 11, since: '4.10', config: ['NET'] },
  lwt_xmit: { type: 12, since: '4.10', config: ['NET'] },
  sock_ops: { type: 13, since: '4.13', config: ['NET'] },
  sk_skb: { type: 14, since: '4.14', config: ['NET'] },
  cgroup_device: { type: 15, since: '4.15', config: ['CGROUP_BPF'] },
  sk_msg: { type: 16, since: '4.17', config: ['NET'] },
  raw_tracepoint: { type: 17, since: '4.17', config: ['BPF_EVENTS'] },
  cgroup_sock_addr: { type: 18, since: '4.17', config: ['CGROUP_BPF'], attachType: 10 },
  lwt_seg6local: { type: 19, since: '4.18', config: ['NET'] },
  lirc_mode2: { type: 20, since: '4.18', config: ['BPF_LIRC_MODE2'] },
  sk_reuseport: { type: 21, since: '4.19', config: ['INET'] },
  flow_dissector: { type: 22, since: '4.20', config: ['NET'] },
  cgroup_sysctl: { type: 23, since: '5.2', config: ['CGROUP_BPF'] },
  raw_tracepoint_writable: { type: 24, since: '5.2', config: ['BPF_EVENTS'] },
  cgroup_sockopt: { type: 25, since: '5.3', config: ['CGROUP_BPF'], attachType: 21 },
  tracing: { type: 26, since: '5.5', config: ['BPF_EVENTS', 'DEBUG_INFO_BTF'], needsTarget: true },
  struct_ops: { type: 27, since: '5.6', config: ['BPF_JIT', 'DEBUG_INFO_BTF'], needsTarget: true },
  ext: { type: 28, since: '5.6', config: ['BPF_JIT', 'DEBUG_INFO_BTF'], needsTarget: true },
  lsm: { type: 29, since: '5.7', config: ['BPF_LSM'], needsTarget: true },
  sk_lookup: { type: 30, since: '5.9', config: ['INET'], attachType: 36 },
  syscall: { type: 31, since: '5.14', loadFlags: 16 },
  netfilter: { type: 32, since: '6.4', config: ['NETFILTER_BPF_LINK'], attachType: 45 },
} as const satisfies Readonly<Record<string, ProgramTypeRow>>;

/** The name of a program type, as `xdp`. */
export type ProgramTypeName = keyof typeof programTypes;

const names = new Map<number, ProgramTypeName>(
  Object.entries(programTypes).map(([name, { type }]) => [type, name as ProgramTypeName]),
);

/** libbpf's word for a number of `enum bpf_prog_type`. */
export function programTypeName(type: number): ProgramTypeName | `unknown ${number}` {
  return names.get(type) ?? `unknown ${type}`;
}
