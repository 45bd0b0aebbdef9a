// SPDX-License-Identifier: MIT
// Every TCP segment that is sent again.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#include "../tcpstates/sockets.bpf.h"

struct event {
  __u64 time;     /* ns of the monotonic clock */
  __u64 socket;   /* the kernel's address of it */
  __u32 uid;      /* whose socket it is */
  __u32 sequence; /* of its first byte */
  __u32 bytes;
  __s32 error; /* why it could not be sent: a negative errno; a positive number where a queue dropped it */
  __u8 state;
  __u8 flags; /* of TCP */
  struct ends ends;
};

/* The members that are read; flags became wider in Linux 6.15. */
struct tcp_skb_cb___again {
  __u32 seq;
  __u32 end_seq;
  __u16 tcp_flags;
} __attribute__((preserve_access_index));

struct sk_buff___again {
  char cb[48];
} __attribute__((preserve_access_index));

struct tcp_request_sock___again {
  __u32 snt_isn;
} __attribute__((preserve_access_index));

/* The event has told of failures too since it has the third argument. */
struct trace_event_raw_tcp_retransmit_skb___again {
  int err;
} __attribute__((preserve_access_index));

enum { FIN = 1, SYN = 2, ACK = 16 };

FILTER_SOCKETS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

static __always_inline struct event* begin(const void* socket, const struct sock_common___ends* connection) {
  struct ends ends = {};
  read_ends(&ends, connection);
  if (!filter_ports(ends.local_port, ends.remote_port) || !filter_socket(socket)) return 0;
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return 0;
  event->time = bpf_ktime_get_ns();
  event->socket = (__u64)connection;
  event->uid = BPF_CORE_READ((const struct sock___filter*)socket, sk_uid.val);
  event->state = BPF_CORE_READ(connection, skc_state);
  event->ends = ends;
  return event;
}

SEC("tp_btf/tcp_retransmit_skb")
int sent_again(__u64* ctx) {
  /* A socket begins with what it has in common with others. */
  struct event* event = begin((void*)ctx[0], (void*)ctx[0]);
  if (!event) return 0;
  struct tcp_skb_cb___again* segment = (void*)((struct sk_buff___again*)ctx[1])->cb;
  event->flags = BPF_CORE_READ_BITFIELD_PROBED(segment, tcp_flags);
  event->sequence = BPF_CORE_READ(segment, seq);
  /* SYN and FIN have numbers of their own. */
  event->bytes =
      BPF_CORE_READ(segment, end_seq) - event->sequence - !!(event->flags & SYN) - (event->flags & FIN);
  event->error = 0;
  if (bpf_core_field_exists(((struct trace_event_raw_tcp_retransmit_skb___again*)0)->err))
    event->error = ctx[2];
  ringbuf_submit(event, 0);
  return 0;
}

SEC("tp_btf/tcp_retransmit_synack")
int answered_again(__u64* ctx) {
  struct event* event = begin((void*)ctx[0], (void*)ctx[1]);
  if (!event) return 0;
  event->flags = SYN | ACK;
  event->sequence = BPF_CORE_READ((struct tcp_request_sock___again*)ctx[1], snt_isn);
  event->bytes = 0;
  event->error = 0;
  ringbuf_submit(event, 0);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
