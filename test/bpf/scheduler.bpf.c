// A scheduler that leaves all to the kernel's own way, as far as sched_ext goes. It runs in virtual machines
// only.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 started;

// Its own copy, for kernels without the type; members are found by their names.
struct sched_ext_ops___own {
  s32 (*init)(void);
  u64 flags;
  u32 timeout_ms;
  char name[128];
};

SEC("struct_ops.s/init")
s32 BPF_PROG(start) {
  __atomic_fetch_add(&started, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC(".struct_ops.link")
struct sched_ext_ops___own scheduler = {
    .init = (void*)start,
    .timeout_ms = 5000,
    .name = "libbpf_ts",
};

char LICENSE[] SEC("license") = "GPL";
