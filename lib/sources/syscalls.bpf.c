// SPDX-License-Identifier: MIT
// System calls: how long each took, and with which errors they ended.
#define MOST_HISTOGRAMS 1024
#include "sums.bpf.h"

/* The numbers are those of syscalls.ts. */
enum { durations = 1, errors = 2 };

struct call {
  __u64 since;
  __u64 number;
  struct owned by;
};

/* Threads that are in a system call, by their ids; each leaves with it, or when it ends. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 32768);
  __type(key, __u32);
  __type(value, struct call);
} calls SEC(".maps");

SEC("tp_btf/sys_enter")
int BPF_PROG(enter, struct pt_regs* registers, long number) {
  struct owned by = owners_of_current();
  if (!is_owned(by)) return 0;
  __u32 tid = bpf_get_current_pid_tgid();
  struct call call = {.since = bpf_ktime_get_ns(), .number = number, .by = by};
  if (bpf_map_update_elem(&calls, &tid, &call, BPF_ANY)) miss();
  return 0;
}

/* The greatest error that a program sees; ERESTARTSYS in include/linux/errno.h and those above are for the
 * kernel. */
#define LAST_ERROR 511
#define FIRST_ERROR_VALUE (-4095) /* MAX_ERRNO in include/linux/err.h */
#define FIRST_RESTART 512
#define LAST_RESTART 516

static __always_inline bool is_error(long result) {
  if (result >= 0 || result < FIRST_ERROR_VALUE) return false;
  return -result < FIRST_RESTART || -result > LAST_RESTART;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(leave, struct pt_regs* registers, long result) {
  __u32 tid = bpf_get_current_pid_tgid();
  struct call* call = bpf_map_lookup_elem(&calls, &tid);
  if (!call) return 0;
  struct owned by = call->by;
  __u32 number = call->number;
  record(by, durations, number, bpf_ktime_get_ns() - call->since);
  if (is_error(result)) add(by, errors, number << 16 | (__u32)-result, 1);
  bpf_map_delete_elem(&calls, &tid);
  return 0;
}

/* exit(2), and calls that a signal ended with their thread. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(ended, struct task_struct* task) {
  __u32 tid = task->pid;
  bpf_map_delete_elem(&calls, &tid);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
