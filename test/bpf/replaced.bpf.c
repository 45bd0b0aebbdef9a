// A function to be replaced, and who calls it.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;
__u64 answer;

__noinline int answering(__u32 question) {
  volatile int plain = 1;
  return plain + (question == 0);
}

SEC("tp/syscalls/sys_enter_getppid")
int asking(void* ctx) {
  __u32 pid = bpf_get_current_pid_tgid() >> 32;
  if (pid == target_pid) answer = answering(pid);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
