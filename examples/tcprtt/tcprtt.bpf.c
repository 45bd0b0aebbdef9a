// SPDX-License-Identifier: MIT
// Round trips of TCP connections, as the kernel has smoothed them when a segment comes.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

#include "../tcpstates/sockets.bpf.h"

enum { by_nothing, by_local, by_remote };

/* The members that are read. */
struct tcp_sock___rtt {
  __u32 srtt_us; /* eight times the smoothed round trip */
} __attribute__((preserve_access_index));

struct side {
  __u32 family; /* 0 where all are counted together */
  __u8 address[16];
};

const volatile __u32 by = by_nothing;
const volatile __u32 unit = 1; /* microseconds that a value is counted in */

FILTER_SOCKETS();
HISTOGRAMS(trips, struct side, 10240);

SEC("raw_tp/tcp_probe")
int BPF_PROG(received, void* socket) {
  struct ends ends = {};
  read_ends(&ends, (void*)socket);
  if (!filter_ports(ends.local_port, ends.remote_port) || !filter_socket(socket)) return 0;
  struct side key = {};
  if (by != by_nothing) {
    key.family = ends.family;
    __builtin_memcpy(key.address, by == by_local ? ends.local : ends.remote, sizeof(key.address));
  }
  __u32 microseconds = BPF_CORE_READ((struct tcp_sock___rtt*)socket, srtt_us) >> 3;
  histograms_add(trips, &key, microseconds / unit);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
