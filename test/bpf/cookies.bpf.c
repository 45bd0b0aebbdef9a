// The cookie that attaching gave, as each kind of program gets it. Kernels differ in which kinds have one.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;

__u64 cookie;

static int keep(void* ctx) {
  if (bpf_get_current_pid_tgid() >> 32 == target_pid) cookie = bpf_get_attach_cookie(ctx);
  return 0;
}

SEC("?uprobe")
int in_user_code(struct pt_regs* ctx) {
  return keep(ctx);
}

SEC("?tp")
int in_tracepoint(struct trace_event_raw_sys_enter* ctx) {
  return keep(ctx);
}

SEC("?perf_event")
int in_perf_event(struct bpf_perf_event_data* ctx) {
  return keep(ctx);
}

SEC("?raw_tp")
int in_raw_tracepoint(struct bpf_raw_tracepoint_args* ctx) {
  return keep(ctx);
}

SEC("?tp_btf/sys_enter")
int in_typed_tracepoint(__u64* ctx) {
  return keep(ctx);
}

char LICENSE[] SEC("license") = "GPL";
