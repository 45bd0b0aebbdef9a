// The same as kprobe.bpf.c through trampolines: arguments have their types, and the exit sees them beside the
// result.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;  // the only thread that counts, a main one

__u32 made_mode;
char made_name[32];
__u32 opens;
__s32 opened;
char opened_name[64];

static bool ours(void) {
  return (__u32)bpf_get_current_pid_tgid() == target_pid;
}

SEC("fentry/security_inode_mkdir")
int BPF_PROG(making, struct inode* dir, struct dentry* dentry, umode_t mode) {
  if (!ours()) return 0;
  bpf_probe_read_kernel_str(made_name, sizeof(made_name), dentry->d_name.name);
  made_mode = mode;
  return 0;
}

SEC("fexit/do_sys_openat2")
int BPF_PROG(opening, int folder, const char* name, struct open_how* how, long result) {
  if (!ours()) return 0;
  opens++;
  opened = result;
  bpf_probe_read_user_str(opened_name, sizeof(opened_name), name);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
