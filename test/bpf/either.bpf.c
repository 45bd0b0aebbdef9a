// One event in several ways, the first of which no kernel has.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;
__u64 hits;

static int count(void) {
  if (bpf_get_current_pid_tgid() >> 32 == target_pid) __atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("?fentry/libbpf_ts_no_function")
int BPF_PROG(by_function) {
  return count();
}

SEC("?fentry/libbpf_ts_no_other_function")
int BPF_PROG(by_other_function) {
  return count();
}

SEC("?fentry/do_sys_openat2")
int BPF_PROG(by_entry) {
  return count();
}

SEC("?tp/syscalls/sys_enter_getppid")
int by_tracepoint(void* ctx) {
  return count();
}

SEC("?raw_tp/sys_enter")
int by_raw_tracepoint(void* ctx) {
  return count();
}

char LICENSE[] SEC("license") = "GPL";
