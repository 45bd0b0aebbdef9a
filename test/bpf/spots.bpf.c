// Single spots: an instruction, an address, the end of a test run.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;

// Instructions from the first to before the second are those of a function that works hard.
const volatile __u64 hot_start = 0;
const volatile __u64 hot_end = 0;

__u64 hits;
__u64 hot_hits;
__u64 returns;
__u64 cookie;

static bool ours(void) {
  return bpf_get_current_pid_tgid() >> 32 == target_pid;
}

static int count(__u64* counter) {
  if (ours()) __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("?kprobe")
int instruction(struct pt_regs* ctx) {
  return count(&hits);
}

SEC("?kretprobe")
int result(struct pt_regs* ctx) {
  return count(&returns);
}

SEC("?kretprobe")
int marked(struct pt_regs* ctx) {
  if (ours()) cookie = bpf_get_attach_cookie(ctx);
  return count(&returns);
}

SEC("?uprobe")
int counted(struct pt_regs* ctx) {
  return count(&hits);
}

SEC("?perf_event")
int touched(struct bpf_perf_event_data* ctx) {
  return count(&hits);
}

SEC("?perf_event")
int sampled(struct bpf_perf_event_data* ctx) {
  const __u64 at = PT_REGS_IP(&ctx->regs);
  if (at >= hot_start && at < hot_end) count(&hot_hits);
  return count(&hits);
}

// What bpf_prog_test_run answers, for children of one process.
SEC("?raw_tp.w/bpf_test_finish")
int BPF_PROG(finished, int* error) {
  struct task_struct* task = (void*)bpf_get_current_task();
  if (BPF_CORE_READ(task, real_parent, tgid) == (__s32)target_pid) *error = -77;  // EBADFD
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
