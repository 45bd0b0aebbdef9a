// One tracepoint, which needs tracefs, and one that no kernel has; the second is off until a test wants it.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;
__u64 hits;

SEC("tp/syscalls/sys_enter_getppid")
int asked(void* ctx) {
  if (bpf_get_current_pid_tgid() >> 32 == target_pid) __atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("?tp/syscalls/sys_enter_no_such_call")
int absent(void* ctx) {
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
