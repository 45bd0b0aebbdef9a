// Denies one process one file. It runs in virtual machines only.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define EACCES 13

const volatile __u32 target_pid = 0;  // the only process that is denied anything
const volatile __u64 target_inode = 0;

__u32 denied;

SEC("lsm/file_open")
int BPF_PROG(refuse, struct file* file) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid) return 0;
  if (file->f_inode->i_ino != target_inode) return 0;
  denied++;
  return -EACCES;
}

char LICENSE[] SEC("license") = "GPL";
