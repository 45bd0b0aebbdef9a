/**
 * The sections of each way to attach, as in section_defs[] of libbpf.c: a `+` at the end allows `/target` behind it.
 * Pure data.
 */

export const kprobe = ['kprobe+', 'kretprobe+'] as const;
export const kprobe_multi = ['kprobe.multi+', 'kretprobe.multi+'] as const;
export const kprobe_session = ['kprobe.session+'] as const;
export const ksyscall = ['ksyscall+', 'kretsyscall+'] as const;
export const uprobe = ['uprobe+', 'uprobe.s+', 'uretprobe+', 'uretprobe.s+'] as const;
export const uprobe_multi = [
  'uprobe.multi+',
  'uprobe.multi.s+',
  'uretprobe.multi+',
  'uretprobe.multi.s+',
] as const;
export const uprobe_session = ['uprobe.session+', 'uprobe.session.s+'] as const;
export const usdt = ['usdt+', 'usdt.s+'] as const;
export const tracepoint = ['tp+', 'tracepoint+'] as const;
export const raw_tracepoint = ['raw_tp+', 'raw_tp.w+', 'raw_tracepoint+', 'raw_tracepoint.w+'] as const;
export const tp_btf = ['tp_btf+'] as const;
export const fentry = ['fentry+', 'fentry.s+', 'fexit+', 'fexit.s+'] as const;
export const fmod_ret = ['fmod_ret+', 'fmod_ret.s+'] as const;
export const fsession = ['fsession+', 'fsession.s+'] as const;
export const freplace = ['freplace+'] as const;
export const lsm = ['lsm+', 'lsm.s+'] as const;
export const iter = ['iter+', 'iter.s+'] as const;
export const perf_event = ['perf_event'] as const;
export const xdp = ['xdp', 'xdp.frags'] as const;
export const tcx = ['tcx/ingress', 'tcx/egress', 'tc/ingress', 'tc/egress'] as const;
export const tc = ['tc', 'classifier'] as const;
export const netkit = ['netkit/primary', 'netkit/peer'] as const;
export const netfilter = ['netfilter'] as const;
export const netns = ['sk_lookup', 'flow_dissector'] as const;
export const cgroup = [
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
] as const;
export const lsm_cgroup = ['lsm_cgroup+'] as const;
export const sockmap = ['sk_skb/stream_parser', 'sk_skb/stream_verdict', 'sk_skb/verdict', 'sk_msg'] as const;
export const socket = ['socket'] as const;
export const sk_reuseport = ['sk_reuseport', 'sk_reuseport/migrate'] as const;
export const lirc = ['lirc_mode2'] as const;
export const cgroup_skb = ['cgroup/skb'] as const;
export const sk_skb = ['sk_skb'] as const;
export const struct_ops = ['struct_ops+', 'struct_ops.s+'] as const;
export const syscall = ['syscall'] as const;
export const xdp_redirect = ['xdp/devmap', 'xdp.frags/devmap', 'xdp/cpumap', 'xdp.frags/cpumap'] as const;
export const lwt = ['lwt_in', 'lwt_out', 'lwt_xmit', 'lwt_seg6local'] as const;
export const action = ['action'] as const;
