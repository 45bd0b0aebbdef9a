// One program on many functions of the kernel's at once, chosen by a pattern.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;  // its main thread alone counts, for tests make their calls there

__u32 calls;

SEC("kprobe.multi/security_inode_*dir")
int counted(void* ctx) {
  if ((__u32)bpf_get_current_pid_tgid() == target_pid) calls++;
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
