// SPDX-License-Identifier: MIT
// Connections of TCP and what goes through sockets. What happens outside of any thread, as a retransmission,
// counts for the process that connected the socket, or that first sent or received by it.
#include "sums.bpf.h"

/* The numbers are those of network.ts. */
enum {
  connected = 1,
  not_connected = 2,
  sent = 3,
  received = 4,
  retransmitted = 5,
  reset_sent = 6,
  reset_received = 7,
  accepted = 8,
  round_trips = 9
};

#define PEEKING 2 /* MSG_PEEK in include/linux/socket.h */

/* The members that are read. */
struct tcp_sock___sums {
  __u32 srtt_us; /* eight times the smoothed round trip */
} __attribute__((preserve_access_index));

struct pt_regs___x86 {
  unsigned long orig_ax;
} __attribute__((preserve_access_index));

struct pt_regs___arm64 {
  int syscallno;
} __attribute__((preserve_access_index));

struct fdtable___sums {
  void** fd;
} __attribute__((preserve_access_index));

struct files_struct___sums {
  struct fdtable___sums* fdt;
} __attribute__((preserve_access_index));

struct task_struct___files {
  struct files_struct___sums* files;
} __attribute__((preserve_access_index));

struct file___sums {
  void* private_data;
} __attribute__((preserve_access_index));

struct socket___sums {
  struct sock* sk;
} __attribute__((preserve_access_index));

struct connection {
  __u64 since;
  struct owned by;
};

/* Sockets of TCP, by their addresses; each leaves when it is destroyed. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 32768);
  __type(key, __u64);
  __type(value, struct connection);
} sockets SEC(".maps");

static __always_inline void keep(__u64 socket, struct owned by) {
  struct connection connection = {.since = bpf_ktime_get_ns(), .by = by};
  if (bpf_map_update_elem(&sockets, &socket, &connection, BPF_ANY)) miss();
}

static __always_inline bool is_tcp(struct sock* sk) {
  return sk->sk_protocol == IPPROTO_TCP;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(changed, struct sock* sk, int before, int now) {
  __u64 socket = (__u64)sk;
  if (!is_tcp(sk)) return 0;
  if (now == TCP_SYN_SENT) {
    struct owned by = owners_of_current();
    if (is_owned(by)) keep(socket, by);
    return 0;
  }
  struct connection* known = bpf_map_lookup_elem(&sockets, &socket);
  if (!known) return 0;
  if (before == TCP_SYN_SENT && now == TCP_ESTABLISHED)
    record(known->by, connected, 0, bpf_ktime_get_ns() - known->since);
  if (before == TCP_SYN_SENT && now == TCP_CLOSE) add(known->by, not_connected, 0, 1);
  if (before == TCP_ESTABLISHED) {
    __u32 microseconds = BPF_CORE_READ((struct tcp_sock___sums*)sk, srtt_us) >> 3;
    if (microseconds) record(known->by, round_trips, 0, (__u64)microseconds * 1000);
  }
  return 0;
}

static __always_inline bool is_accept(struct pt_regs* registers) {
  struct pt_regs___x86* x86 = (void*)registers;
  struct pt_regs___arm64* arm64 = (void*)registers;
  if (bpf_core_field_exists(x86->orig_ax)) return x86->orig_ax == 43 || x86->orig_ax == 288;
  return bpf_core_field_exists(arm64->syscallno) && (arm64->syscallno == 202 || arm64->syscallno == 242);
}

/* The socket that is behind a descriptor of the current task, if it is one at all. */
static __always_inline struct sock* socket_at(long fd) {
  struct task_struct___files* task = (void*)bpf_get_current_task();
  void** files = BPF_CORE_READ(task, files, fdt, fd);
  struct file___sums* file = NULL;
  bpf_probe_read_kernel(&file, sizeof(void*), files + fd);
  struct socket___sums* socket = BPF_CORE_READ(file, private_data);
  return BPF_CORE_READ(socket, sk);
}

/* accept(2) and accept4(2): what they give is a socket. */
SEC("tp_btf/sys_exit")
int BPF_PROG(accepts, struct pt_regs* registers, long fd) {
  if (fd < 0 || !is_accept(registers)) return 0;
  struct owned by = owners_of_current();
  if (!is_owned(by)) return 0;
  struct sock* sk = socket_at(fd);
  __u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
  if ((family != AF_INET && family != AF_INET6) || BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP) return 0;
  add(by, accepted, 0, 1);
  keep((__u64)sk, by);
  return 0;
}

/* A reset is sent after the state has changed (tcp_disconnect() in net/ipv4/tcp.c). */
SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(destroyed, struct sock* sk) {
  __u64 socket = (__u64)sk;
  bpf_map_delete_elem(&sockets, &socket);
  return 0;
}

static __always_inline int moved(struct sock* sk, __u32 metric, int bytes) {
  __u16 family = sk->__sk_common.skc_family;
  if (bytes <= 0 || (family != AF_INET && family != AF_INET6)) return 0;
  struct owned by = owners_of_current();
  if (!is_owned(by)) return 0;
  add(by, metric, sk->sk_protocol, bytes);
  __u64 socket = (__u64)sk;
  if (is_tcp(sk) && !bpf_map_lookup_elem(&sockets, &socket)) keep(socket, by);
  return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(sends, struct sock* sk, int bytes, int flags) {
  return moved(sk, sent, bytes);
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(receives, struct sock* sk, int bytes, int flags) {
  return flags & PEEKING ? 0 : moved(sk, received, bytes);
}

/* Where the process of a socket is not known, the event counts for the host alone. */
static __always_inline int happened(void* sk, __u32 metric) {
  __u64 socket = (__u64)sk;
  struct connection* known = bpf_map_lookup_elem(&sockets, &socket);
  struct owned by = {};
  if (known)
    by = known->by;
  else if (wanted & owner_host)
    by.host = slot_of(owner_host, 0);
  add(by, metric, 0, 1);
  return 0;
}

SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(retransmits, void* sk) {
  return happened(sk, retransmitted);
}

SEC("tp_btf/tcp_send_reset")
int BPF_PROG(resets, void* sk) {
  return happened(sk, reset_sent);
}

SEC("tp_btf/tcp_receive_reset")
int BPF_PROG(is_reset, void* sk) {
  return happened(sk, reset_received);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
