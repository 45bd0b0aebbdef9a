// Programs that may sleep: each copies from user memory, which others cannot.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

const volatile __u32 target_pid = 0;
const volatile __u64 target_inode = 0;

__u64 hits;
char word[16];

static int seen(const void* text) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid) return 0;
  if (text) bpf_copy_from_user(word, sizeof(word), text);
  __atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("?uprobe.s")
int BPF_UPROBE(called, const char* text) {
  return seen(text);
}

SEC("?uretprobe.s")
int BPF_URETPROBE(left, const char* text) {
  return seen(text);
}

SEC("?uprobe.multi.s")
int BPF_UPROBE(called_multi, const char* text) {
  return seen(text);
}

SEC("?uretprobe.multi.s")
int BPF_URETPROBE(left_multi, const char* text) {
  return seen(text);
}

SEC("?uprobe.session.s")
int BPF_UPROBE(session, const char* text) {
  return seen(bpf_get_current_pid_tgid() ? 0 : text);
}

SEC("?usdt.s")
int BPF_USDT(probed, const char* text) {
  return seen(text);
}

SEC("?fentry.s/__x64_sys_chdir")
int BPF_PROG(entered, struct pt_regs* regs) {
  return seen((const void*)regs->di);
}

SEC("?fexit.s/__x64_sys_chdir")
int BPF_PROG(exited, struct pt_regs* regs, long result) {
  return seen((const void*)regs->di);
}

SEC("?fmod_ret.s/__x64_sys_chdir")
int BPF_PROG(denied, struct pt_regs* regs, long result) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid) return 0;
  seen((const void*)regs->di);
  return -1;  // EPERM
}

SEC("?fsession.s/__x64_sys_chdir")
int BPF_PROG(both_ends, struct pt_regs* regs) {
  return seen((const void*)regs->di);
}

SEC("?lsm.s/file_open")
int BPF_PROG(opened, struct file* file) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || file->f_inode->i_ino != target_inode) return 0;
  seen(0);
  return -13;  // EACCES
}

char LICENSE[] SEC("license") = "GPL";
