// SPDX-License-Identifier: MIT
// Every change of state of a TCP socket, and how long it was in the state before.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#include "sockets.bpf.h"

struct event {
  __u64 time;     /* of the change, ns of the monotonic clock */
  __u64 duration; /* ns in the state before; 0 where its beginning was not seen */
  __u64 socket;   /* the kernel's address of it, the same for each of its changes */
  __u32 uid;      /* whose socket it is */
  __u16 family;
  __u16 local_port;
  __u16 remote_port;
  __u8 before;
  __u8 after;
  __u8 local[16]; /* the first four bytes for IPv4 */
  __u8 remote[16];
};

FILTER_SOCKETS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

/* Since when a socket is in its state. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, __u64);
  __type(value, __u64);
} changed SEC(".maps");

__u64 missed = 0;

/* When the state before began; 0 where that is not known. */
static __always_inline __u64 state_since(__u64 socket, int state, __u64 now) {
  __u64* since = bpf_map_lookup_elem(&changed, &socket);
  __u64 began = since ? *since : 0;
  if (state == TCP_CLOSE)
    bpf_map_delete_elem(&changed, &socket);
  else if (bpf_map_update_elem(&changed, &socket, &now, BPF_ANY))
    __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
  return began;
}

SEC("tp/sock/inet_sock_set_state")
int change(struct trace_event_raw_inet_sock_set_state* ctx) {
  if (ctx->protocol != IPPROTO_TCP || !filter_ports(ctx->sport, ctx->dport)) return 0;
  if (!filter_socket(ctx->skaddr)) return 0;
  __u64 now = bpf_ktime_get_ns();
  __u64 since = state_since((__u64)ctx->skaddr, ctx->newstate, now);
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return 0;
  event->time = now;
  event->duration = since ? now - since : 0;
  event->socket = (__u64)ctx->skaddr;
  event->uid = BPF_CORE_READ((struct sock___filter*)ctx->skaddr, sk_uid.val);
  event->family = ctx->family;
  event->local_port = ctx->sport;
  event->remote_port = ctx->dport;
  event->before = ctx->oldstate;
  event->after = ctx->newstate;
  bool four = ctx->family == AF_INET;
  bpf_probe_read_kernel(event->local, sizeof(event->local), four ? (void*)ctx->saddr : (void*)ctx->saddr_v6);
  bpf_probe_read_kernel(event->remote, sizeof(event->remote),
                        four ? (void*)ctx->daddr : (void*)ctx->daddr_v6);
  ringbuf_submit(event, 0);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
