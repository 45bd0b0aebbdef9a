// SPDX-License-Identifier: MIT
// TCP sockets as tools see them: both ends, and the filters that a socket can answer by itself.
#pragma once

#include <bpf/bpf_endian.h>

/* The two ends of a connection. */
struct ends {
  __u16 family;
  __u16 local_port;
  __u16 remote_port;
  __u8 local[16]; /* the first four bytes for IPv4 */
  __u8 remote[16];
};

/* The members that are read. */
struct sock_cgroup_data___filter {
  struct cgroup___filter* cgroup;
} __attribute__((preserve_access_index));

struct sock___filter {
  struct kuid___filter sk_uid;
  struct sock_cgroup_data___filter sk_cgrp_data;
} __attribute__((preserve_access_index));

struct in6_addr___ends {
  __u8 bytes[16];
};

struct sock_common___ends {
  __u32 skc_daddr;
  __u32 skc_rcv_saddr;
  __u16 skc_dport;
  __u16 skc_num;
  __u16 skc_family;
  volatile unsigned char skc_state;
  struct in6_addr___ends skc_v6_daddr;
  struct in6_addr___ends skc_v6_rcv_saddr;
} __attribute__((preserve_access_index));

/* The ports of the options. */
#define FILTER_PORTS()                                                  \
  const volatile __u16 only_local_port = 0;                             \
  const volatile __u16 only_remote_port = 0;                            \
                                                                        \
  static __always_inline bool filter_ports(__u16 local, __u16 remote) { \
    if (only_local_port && local != only_local_port) return false;      \
    return !only_remote_port || remote == only_remote_port;             \
  }                                                                     \
  static bool filter_ports(__u16 local, __u16 remote)

/* Timers and interrupts act on a socket, whichever process runs then: it has a user and a cgroup of its own.
 */
#define FILTER_SOCKETS()                                                                          \
  const volatile __u32 filter_uid = -1;                                                           \
  const volatile __u64 filter_cgroup = 0;                                                         \
  FILTER_PORTS();                                                                                 \
                                                                                                  \
  static __always_inline bool filter_socket(const void* other) {                                  \
    const struct sock___filter* socket = other;                                                   \
    if (filter_uid != (__u32)-1 && BPF_CORE_READ(socket, sk_uid.val) != filter_uid) return false; \
    if (!filter_cgroup) return true;                                                              \
    return filter_cgroup_is_below(BPF_CORE_READ(socket, sk_cgrp_data.cgroup), filter_cgroup);     \
  }                                                                                               \
  static bool filter_socket(const void* other)

/* Of a socket, or of a request for a connection, which begins in the same way. */
static __always_inline void read_ends(struct ends* ends, const struct sock_common___ends* socket) {
  ends->family = BPF_CORE_READ(socket, skc_family);
  ends->local_port = BPF_CORE_READ(socket, skc_num);
  ends->remote_port = bpf_ntohs(BPF_CORE_READ(socket, skc_dport));
  if (ends->family == AF_INET) {
    BPF_CORE_READ_INTO((__u32*)ends->local, socket, skc_rcv_saddr);
    BPF_CORE_READ_INTO((__u32*)ends->remote, socket, skc_daddr);
  } else {
    BPF_CORE_READ_INTO(&ends->local, socket, skc_v6_rcv_saddr);
    BPF_CORE_READ_INTO(&ends->remote, socket, skc_v6_daddr);
  }
}
