// SPDX-License-Identifier: MIT
// Every TCP connection that a process asks for, with what came of it and how long that took.
//
// The process that connects changes the state to SYN_SENT; what comes of it is told by the next state, which
// an interrupt brings about as a rule.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#include "../tcpstates/sockets.bpf.h"

struct event {
  __u64 time;     /* when it was asked for, ns of the monotonic clock */
  __u64 duration; /* ns until it was decided */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __s32 error; /* an errno; 0 where it was connected, or closed before that was decided */
  bool connected;
  struct ends ends;
  char comm[16];
};

struct attempt {
  __u64 began;
  __u32 pid;
  __u32 tid;
  __u32 uid;
  char comm[16];
};

/* The member that is read. */
struct sock___connect {
  int sk_err;
} __attribute__((preserve_access_index));

FILTER_TASKS();
FILTER_PORTS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

/* Attempts that are not decided, by their sockets. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, __u64);
  __type(value, struct attempt);
} attempts SEC(".maps");

__u64 missed = 0;

static __always_inline void begin(struct trace_event_raw_inet_sock_set_state* ctx) {
  /* The local port is not chosen yet: tcp_v4_connect() in net/ipv4/tcp_ipv4.c. */
  if (only_remote_port && ctx->dport != only_remote_port) return;
  if (!filter_current()) return;
  __u64 id = bpf_get_current_pid_tgid();
  struct attempt attempt = {
      .began = bpf_ktime_get_ns(), .pid = id >> 32, .tid = id, .uid = bpf_get_current_uid_gid()};
  bpf_get_current_comm(attempt.comm, sizeof(attempt.comm));
  __u64 socket = (__u64)ctx->skaddr;
  if (bpf_map_update_elem(&attempts, &socket, &attempt, BPF_ANY))
    __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
}

static __always_inline void send(struct trace_event_raw_inet_sock_set_state* ctx,
                                 const struct attempt* attempt) {
  if (!filter_ports(ctx->sport, ctx->dport)) return;
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return;
  event->time = attempt->began;
  event->duration = bpf_ktime_get_ns() - attempt->began;
  event->pid = attempt->pid;
  event->tid = attempt->tid;
  event->uid = attempt->uid;
  event->connected = ctx->newstate != TCP_CLOSE;
  event->error = event->connected ? 0 : BPF_CORE_READ((struct sock___connect*)ctx->skaddr, sk_err);
  read_ends(&event->ends, (void*)ctx->skaddr);
  /* A socket that is closed has given its port back: tcp_set_state() in net/ipv4/tcp.c. */
  event->ends.local_port = ctx->sport;
  __builtin_memcpy(event->comm, attempt->comm, sizeof(event->comm));
  ringbuf_submit(event, 0);
}

SEC("tp/sock/inet_sock_set_state")
int changed(struct trace_event_raw_inet_sock_set_state* ctx) {
  if (ctx->protocol != IPPROTO_TCP) return 0;
  if (ctx->newstate == TCP_SYN_SENT) {
    begin(ctx);
    return 0;
  }
  /* Both sides may connect at once: tcp_rcv_synsent_state_process() in net/ipv4/tcp_input.c. */
  if (ctx->newstate == TCP_SYN_RECV) return 0;
  if (ctx->oldstate != TCP_SYN_SENT && ctx->oldstate != TCP_SYN_RECV) return 0;
  __u64 socket = (__u64)ctx->skaddr;
  struct attempt* attempt = bpf_map_lookup_elem(&attempts, &socket);
  if (!attempt) return 0;
  send(ctx, attempt);
  bpf_map_delete_elem(&attempts, &socket);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
