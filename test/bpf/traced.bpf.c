// One event of this process, seen through a tracepoint, a raw one, and one with types.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;
const volatile __s64 watched = 0;

__u64 by_tracepoint;
__u64 by_raw;
__u64 by_btf;

static bool ours(void) {
  return bpf_get_current_pid_tgid() >> 32 == target_pid;
}

SEC("tp")
int plain(struct trace_event_raw_sys_enter* ctx) {
  if (!ours()) return 0;
  __atomic_fetch_add(&by_tracepoint, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("raw_tp")
int raw(struct bpf_raw_tracepoint_args* ctx) {
  if (!ours() || (__s64)ctx->args[1] != watched) return 0;
  __atomic_fetch_add(&by_raw, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(typed, struct pt_regs* regs, long id) {
  if (!ours() || id != watched) return 0;
  __atomic_fetch_add(&by_btf, 1, __ATOMIC_RELAXED);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
