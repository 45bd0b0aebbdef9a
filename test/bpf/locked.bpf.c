// Reads the kernel's memory by a helper, which a kernel that is locked down for confidentiality hides.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u32 read;

SEC("raw_tp/sys_enter")
int reads(void* ctx) {
  struct task_struct* task = (void*)bpf_get_current_task();
  return bpf_probe_read_kernel(&read, sizeof(read), &task->pid) < 0;
}

char LICENSE[] SEC("license") = "GPL";
