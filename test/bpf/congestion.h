// The programs of a congestion control: windows do not grow, so that nobody mistakes it for another.
#pragma once

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

char LICENSE[] SEC("license") = "GPL";
