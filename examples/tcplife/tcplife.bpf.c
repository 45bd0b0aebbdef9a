// SPDX-License-Identifier: MIT
// Every TCP connection when it is closed: whose it was, how long it lasted, how much it carried.
//
// A change of state is made by the process that connects or closes, or by an interrupt, when any process may
// run: a connection's process is the one that connects, and later the one that closes.
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <libbpf-ts.bpf.h>

struct event {
  __u64 time;     /* when it was closed, ns of the monotonic clock */
  __u64 duration; /* ns since it began */
  __u64 received; /* bytes */
  __u64 sent;     /* bytes, those alone that were acknowledged */
  __u32 pid;      /* 0: neither connected nor closed by a process */
  __u32 tid;
  __u32 uid;
  __u16 family;
  __u16 local_port;
  __u16 remote_port;
  __u8 local[16]; /* the first four bytes for IPv4 */
  __u8 remote[16];
  char comm[16];
};

/* What is known of a connection while it lives. */
struct connection {
  __u64 began;
  __u32 pid;
  __u32 tid;
  __u32 uid;
  bool wanted;
  bool connected; /* by us: our SYN was acknowledged */
  bool finished;  /* we have sent a FIN */
  char comm[16];
};

/* The members that are read. */
struct tcp_sock___life {
  __u64 bytes_received;
  __u64 bytes_acked;
  __u32 snd_una;
  __u32 write_seq;
} __attribute__((preserve_access_index));

struct sock_common___life {
  unsigned long skc_flags;
} __attribute__((preserve_access_index));

struct sock___life {
  struct sock_common___life __sk_common;
} __attribute__((preserve_access_index));

const volatile __u16 only_local_port = 0;
const volatile __u16 only_remote_port = 0;

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, __u64);
  __type(value, struct connection);
} connections SEC(".maps");

__u64 missed = 0;

/* Whether the state is one that only the connection's own process brings about. */
static __always_inline bool is_of_process(int state) {
  return state == TCP_SYN_SENT || state == TCP_FIN_WAIT1 || state == TCP_LAST_ACK;
}

static __always_inline void identify(struct connection* connection) {
  __u64 id = bpf_get_current_pid_tgid();
  connection->pid = id >> 32;
  connection->tid = id;
  connection->uid = bpf_get_current_uid_gid();
  connection->wanted = filter_current();
  bpf_get_current_comm(connection->comm, sizeof(connection->comm));
}

/* The kernel counts SYN and FIN, which have numbers, as bytes: tcp_snd_una_update() in net/ipv4/tcp_input.c.
 */
static __always_inline __u64 bytes_sent(struct tcp_sock___life* socket, const struct connection* connection) {
  __u64 acked = BPF_CORE_READ(socket, bytes_acked);
  bool all = BPF_CORE_READ(socket, snd_una) == BPF_CORE_READ(socket, write_seq);
  __u64 signs = connection->connected + (connection->finished && all);
  return acked > signs ? acked - signs : 0;
}

/* A FIN is counted here too: tcp_rcv_nxt_update() there, where tcp_fin() sets SOCK_DONE. */
static __always_inline __u64 bytes_received(struct tcp_sock___life* socket) {
  __u64 received = BPF_CORE_READ(socket, bytes_received);
  unsigned long flags = BPF_CORE_READ((struct sock___life*)socket, __sk_common.skc_flags);
  bool finished = flags >> bpf_core_enum_value(enum sock_flags, SOCK_DONE) & 1;
  return received > finished ? received - finished : 0;
}

static __always_inline void begin(__u64 socket, int state) {
  struct connection connection = {.began = bpf_ktime_get_ns()};
  connection.connected = state == TCP_SYN_SENT;
  if (is_of_process(state)) identify(&connection);
  if (bpf_map_update_elem(&connections, &socket, &connection, BPF_ANY))
    __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
}

static __always_inline void send(struct trace_event_raw_inet_sock_set_state* ctx,
                                 const struct connection* connection) {
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return;
  struct tcp_sock___life* socket = (void*)ctx->skaddr;
  event->time = bpf_ktime_get_ns();
  event->duration = event->time - connection->began;
  event->received = bytes_received(socket);
  event->sent = bytes_sent(socket, connection);
  event->pid = connection->pid;
  event->tid = connection->tid;
  event->uid = connection->uid;
  event->family = ctx->family;
  event->local_port = ctx->sport;
  event->remote_port = ctx->dport;
  __builtin_memcpy(event->comm, connection->comm, sizeof(event->comm));
  bool four = ctx->family == AF_INET;
  bpf_probe_read_kernel(event->local, sizeof(event->local), four ? (void*)ctx->saddr : (void*)ctx->saddr_v6);
  bpf_probe_read_kernel(event->remote, sizeof(event->remote),
                        four ? (void*)ctx->daddr : (void*)ctx->daddr_v6);
  ringbuf_submit(event, 0);
}

SEC("tp/sock/inet_sock_set_state")
int changed(struct trace_event_raw_inet_sock_set_state* ctx) {
  if (ctx->protocol != IPPROTO_TCP) return 0;
  if (only_local_port && ctx->sport != only_local_port) return 0;
  if (only_remote_port && ctx->dport != only_remote_port) return 0;
  __u64 socket = (__u64)ctx->skaddr;
  int state = ctx->newstate;
  struct connection* known = bpf_map_lookup_elem(&connections, &socket);
  if (state == TCP_SYN_SENT || state == TCP_SYN_RECV || (state == TCP_ESTABLISHED && !known)) {
    begin(socket, state);
    return 0;
  }
  if (!known) return 0;
  if (is_of_process(state)) {
    identify(known);
    known->finished = true;
  }
  if (state != TCP_CLOSE) return 0;
  if (!filter_is_given() || known->wanted) send(ctx, known);
  bpf_map_delete_elem(&connections, &socket);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
