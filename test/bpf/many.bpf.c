// Kinds of tracing that some kernels have and others do not: each is off until a test switches it on.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;  // its main thread alone counts

__u64 entries;
__u64 returns;
__u64 cookie;
__s64 result;

static bool ours(void) {
  return (__u32)bpf_get_current_pid_tgid() == target_pid;
}

static int entered(void) {
  if (ours()) __atomic_fetch_add(&entries, 1, __ATOMIC_RELAXED);
  return 0;
}

static int left(void) {
  if (ours()) __atomic_fetch_add(&returns, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("?kprobe.multi")
int kernel_functions(struct pt_regs* ctx) {
  if (ours()) cookie = bpf_get_attach_cookie(ctx);
  return entered();
}

SEC("?kretprobe.multi")
int kernel_returns(struct pt_regs* ctx) {
  return left();
}

// One program at both ends of a function: a call counts twice.
SEC("?kprobe.session")
int kernel_session(struct pt_regs* ctx) {
  return entered();
}

SEC("?ksyscall")
int called(struct pt_regs* ctx) {
  return entered();
}

SEC("?kretsyscall")
int answered(struct pt_regs* ctx) {
  if (ours()) result = PT_REGS_RC(ctx);
  return left();
}

SEC("?uprobe.multi")
int user_functions(struct pt_regs* ctx) {
  if (ours()) cookie = bpf_get_attach_cookie(ctx);
  return entered();
}

SEC("?uretprobe.multi")
int user_returns(struct pt_regs* ctx) {
  return left();
}

SEC("?uprobe.session")
int user_session(struct pt_regs* ctx) {
  return entered();
}

SEC("?fmod_ret/security_inode_mkdir")
int BPF_PROG(deny, struct inode* dir, struct dentry* dentry, umode_t mode, int ret) {
  if (!ours()) return ret;
  entered();
  return -1;  // EPERM
}

SEC("?fsession/security_inode_mkdir")
int BPF_PROG(both_ends, struct inode* dir, struct dentry* dentry) {
  return entered();
}

SEC("?iter/cgroup")
int cgroups(struct bpf_iter__cgroup* ctx) {
  struct cgroup* cgroup = ctx->cgroup;
  if (cgroup) BPF_SEQ_PRINTF(ctx->meta->seq, "%llu\n", cgroup->kn->id);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
