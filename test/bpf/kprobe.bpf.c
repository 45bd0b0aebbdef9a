// Probes on two functions of the kernel's: what it is asked to make, and what it answers when something is
// opened.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;  // the only thread that counts, a main one

__u32 made_mode;
char made_name[32];
__u32 opens;
__s32 opened;

static bool ours(void) {
  return (__u32)bpf_get_current_pid_tgid() == target_pid;
}

SEC("kprobe/security_inode_mkdir")
int BPF_KPROBE(making, struct inode* dir, struct dentry* dentry, umode_t mode) {
  if (!ours()) return 0;
  const unsigned char* name = BPF_CORE_READ(dentry, d_name.name);
  bpf_probe_read_kernel_str(made_name, sizeof(made_name), name);
  made_mode = mode;
  return 0;
}

SEC("kretprobe/do_sys_openat2")
int BPF_KRETPROBE(opening, long result) {
  if (!ours()) return 0;
  opens++;
  opened = result;
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
