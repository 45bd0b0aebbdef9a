// A program for each section, which does nothing: for loaders to attach. Each is off until one switches it
// on.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/usdt.bpf.h>

#define DOES_NOTHING(section, name, verdict) \
  SEC("?" section)                           \
  int name(void* ctx) { return verdict; }

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} numbers SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_SOCKMAP);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} sockets SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_SK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u64);
} notes SEC(".maps");

DOES_NOTHING("kprobe/security_inode_mkdir", kprobe, 0)
DOES_NOTHING("kretprobe/security_inode_mkdir", kretprobe, 0)
DOES_NOTHING("kprobe.multi/security_inode_mkdi?", kprobe_multi, 0)
DOES_NOTHING("kretprobe.multi/security_inode_mkdi?", kretprobe_multi, 0)
DOES_NOTHING("kprobe.session/security_inode_mkdi?", kprobe_session, 0)
DOES_NOTHING("ksyscall/getppid", ksyscall, 0)
DOES_NOTHING("kretsyscall/getppid", kretsyscall, 0)
DOES_NOTHING("uprobe", uprobe, 0)
DOES_NOTHING("uprobe.s", uprobe_s, 0)
DOES_NOTHING("uretprobe", uretprobe, 0)
DOES_NOTHING("uretprobe.s", uretprobe_s, 0)
DOES_NOTHING("uprobe.multi", uprobe_multi, 0)
DOES_NOTHING("uprobe.multi.s", uprobe_multi_s, 0)
DOES_NOTHING("uretprobe.multi", uretprobe_multi, 0)
DOES_NOTHING("uretprobe.multi.s", uretprobe_multi_s, 0)
DOES_NOTHING("uprobe.session", uprobe_session, 0)
DOES_NOTHING("uprobe.session.s", uprobe_session_s, 0)
DOES_NOTHING("usdt", usdt, 0)
DOES_NOTHING("usdt.s", usdt_s, 0)
DOES_NOTHING("tp/syscalls/sys_enter_getppid", tp, 0)
DOES_NOTHING("raw_tp/sys_enter", raw_tp, 0)
DOES_NOTHING("raw_tp.w/bpf_test_finish", raw_tp_w, 0)
DOES_NOTHING("tp_btf/sys_enter", tp_btf, 0)
DOES_NOTHING("fentry/security_inode_mkdir", fentry, 0)
DOES_NOTHING("fentry.s/__x64_sys_getpgid", fentry_s, 0)
DOES_NOTHING("fexit/security_inode_mkdir", fexit, 0)
DOES_NOTHING("fexit.s/__x64_sys_getpgid", fexit_s, 0)
DOES_NOTHING("fmod_ret/security_inode_mkdir", fmod_ret, 0)
DOES_NOTHING("fmod_ret.s/__x64_sys_getpgid", fmod_ret_s, 0)
DOES_NOTHING("fsession/security_inode_mkdir", fsession, 0)
DOES_NOTHING("fsession.s/__x64_sys_getpgid", fsession_s, 0)
DOES_NOTHING("lsm/inode_mkdir", lsm, 0)
DOES_NOTHING("lsm.s/file_open", lsm_s, 0)
DOES_NOTHING("lsm_cgroup/socket_bind", lsm_cgroup, 1)
DOES_NOTHING("iter/task", iter_task, 0)
DOES_NOTHING("iter.s/task", iter_s_task, 0)
DOES_NOTHING("iter/task_file", iter_task_file, 0)
DOES_NOTHING("iter/task_vma", iter_task_vma, 0)
DOES_NOTHING("iter/bpf_map", iter_bpf_map, 0)
DOES_NOTHING("iter/bpf_prog", iter_bpf_prog, 0)
DOES_NOTHING("iter/bpf_link", iter_bpf_link, 0)
DOES_NOTHING("iter/bpf_map_elem", iter_bpf_map_elem, 0)
DOES_NOTHING("iter/bpf_sk_storage_map", iter_bpf_sk_storage_map, 0)
DOES_NOTHING("iter/sockmap", iter_sockmap, 0)
DOES_NOTHING("iter/tcp", iter_tcp, 0)
DOES_NOTHING("iter/udp", iter_udp, 0)
DOES_NOTHING("iter/unix", iter_unix, 0)
DOES_NOTHING("iter/netlink", iter_netlink, 0)
DOES_NOTHING("iter/ipv6_route", iter_ipv6_route, 0)
DOES_NOTHING("iter/ksym", iter_ksym, 0)
DOES_NOTHING("iter/cgroup", iter_cgroup, 0)
DOES_NOTHING("iter/kmem_cache", iter_kmem_cache, 0)
DOES_NOTHING("iter/dmabuf", iter_dmabuf, 0)
DOES_NOTHING("perf_event", perf_event, 0)
DOES_NOTHING("xdp", xdp, XDP_PASS)
DOES_NOTHING("xdp.frags", xdp_frags, XDP_PASS)
DOES_NOTHING("tcx/ingress", tcx_ingress, 0)
DOES_NOTHING("tcx/egress", tcx_egress, 0)
DOES_NOTHING("tc/ingress", tc_ingress, 0)
DOES_NOTHING("tc/egress", tc_egress, 0)
DOES_NOTHING("tc", tc, 0)
DOES_NOTHING("classifier", classifier, 0)
DOES_NOTHING("netkit/primary", netkit_primary, 0)
DOES_NOTHING("netkit/peer", netkit_peer, 0)
DOES_NOTHING("netfilter", netfilter, 1)
DOES_NOTHING("sk_lookup", sk_lookup, SK_PASS)
DOES_NOTHING("flow_dissector", flow_dissector, BPF_OK)
DOES_NOTHING("cgroup_skb/ingress", cgroup_skb_ingress, 1)
DOES_NOTHING("cgroup_skb/egress", cgroup_skb_egress, 1)
DOES_NOTHING("cgroup/sock_create", cgroup_sock_create, 1)
DOES_NOTHING("cgroup/sock_release", cgroup_sock_release, 1)
DOES_NOTHING("cgroup/sock", cgroup_sock, 1)
DOES_NOTHING("cgroup/post_bind4", cgroup_post_bind4, 1)
DOES_NOTHING("cgroup/post_bind6", cgroup_post_bind6, 1)
DOES_NOTHING("cgroup/bind4", cgroup_bind4, 1)
DOES_NOTHING("cgroup/bind6", cgroup_bind6, 1)
DOES_NOTHING("cgroup/connect4", cgroup_connect4, 1)
DOES_NOTHING("cgroup/connect6", cgroup_connect6, 1)
DOES_NOTHING("cgroup/connect_unix", cgroup_connect_unix, 1)
DOES_NOTHING("cgroup/sendmsg4", cgroup_sendmsg4, 1)
DOES_NOTHING("cgroup/sendmsg6", cgroup_sendmsg6, 1)
DOES_NOTHING("cgroup/sendmsg_unix", cgroup_sendmsg_unix, 1)
DOES_NOTHING("cgroup/recvmsg4", cgroup_recvmsg4, 1)
DOES_NOTHING("cgroup/recvmsg6", cgroup_recvmsg6, 1)
DOES_NOTHING("cgroup/recvmsg_unix", cgroup_recvmsg_unix, 1)
DOES_NOTHING("cgroup/getpeername4", cgroup_getpeername4, 1)
DOES_NOTHING("cgroup/getpeername6", cgroup_getpeername6, 1)
DOES_NOTHING("cgroup/getpeername_unix", cgroup_getpeername_unix, 1)
DOES_NOTHING("cgroup/getsockname4", cgroup_getsockname4, 1)
DOES_NOTHING("cgroup/getsockname6", cgroup_getsockname6, 1)
DOES_NOTHING("cgroup/getsockname_unix", cgroup_getsockname_unix, 1)
DOES_NOTHING("cgroup/sysctl", cgroup_sysctl, 1)
DOES_NOTHING("cgroup/getsockopt", cgroup_getsockopt, 1)
DOES_NOTHING("cgroup/setsockopt", cgroup_setsockopt, 1)
DOES_NOTHING("cgroup/dev", cgroup_dev, 1)
DOES_NOTHING("sockops", sockops, 1)
DOES_NOTHING("sk_skb/stream_parser", sk_skb_stream_parser, 0)
DOES_NOTHING("sk_skb/stream_verdict", sk_skb_stream_verdict, SK_PASS)
DOES_NOTHING("sk_skb/verdict", sk_skb_verdict, SK_PASS)
DOES_NOTHING("sk_msg", sk_msg, SK_PASS)
DOES_NOTHING("socket", socket, 0)
DOES_NOTHING("lirc_mode2", lirc_mode2, 0)

char LICENSE[] SEC("license") = "GPL";
