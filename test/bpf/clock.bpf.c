// Stamps of the kernel's clocks, taken at a process's system calls.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;
const volatile __s64 watched = 0;

__u64 monotonic;
__u64 boottime;

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || (__s64)ctx->args[1] != watched) return 0;
  monotonic = bpf_ktime_get_ns();
  boottime = bpf_ktime_get_boot_ns();
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
