// Congestion controls of our own: windows do not grow, so that nobody mistakes them for another's.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 started;
__u64 acknowledged;

SEC("struct_ops")
void BPF_PROG(start, struct sock* sk) {
  __sync_fetch_and_add(&started, 1);
}

SEC("struct_ops")
__u32 BPF_PROG(ssthresh, struct sock* sk) {
  return 10;
}

SEC("struct_ops")
void BPF_PROG(cong_avoid, struct sock* sk, __u32 ack, __u32 acked) {
  __sync_fetch_and_add(&acknowledged, acked);
}

SEC("struct_ops")
__u32 BPF_PROG(undo_cwnd, struct sock* sk) {
  return 10;
}

SEC(".struct_ops")
struct tcp_congestion_ops plain = {
    .init = (void*)start,
    .ssthresh = (void*)ssthresh,
    .cong_avoid = (void*)cong_avoid,
    .undo_cwnd = (void*)undo_cwnd,
    .name = "ts_plain",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops linked = {
    .init = (void*)start,
    .ssthresh = (void*)ssthresh,
    .cong_avoid = (void*)cong_avoid,
    .undo_cwnd = (void*)undo_cwnd,
    .name = "ts_linked",
};

char LICENSE[] SEC("license") = "GPL";
