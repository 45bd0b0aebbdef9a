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
  reset_received = 7
};

#define PEEKING 2 /* MSG_PEEK in include/linux/socket.h */

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
