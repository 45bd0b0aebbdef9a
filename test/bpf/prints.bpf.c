// A program that writes to the kernel's trace when its process calls the watched system call.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;
const volatile __s64 watched = 0;

__u32 calls;

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || (__s64)ctx->args[1] != watched) return 0;
  calls++;
  bpf_printk("libbpf-ts %d of %d", calls, target_pid);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
