// Probes in user code: counts and reports what each attachment saw.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 calls;
__u64 returns;
__u64 argument;
__s64 returned;

SEC("uprobe")
int BPF_UPROBE(called, __u64 first) {
  argument = first;
  __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("uretprobe")
int BPF_URETPROBE(left, __s64 value) {
  returned = value;
  __atomic_fetch_add(&returns, 1, __ATOMIC_RELAXED);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
