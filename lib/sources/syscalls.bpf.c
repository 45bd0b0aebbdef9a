// SPDX-License-Identifier: MIT
// System calls: how long each took, and with which errors they ended.
#define MOST_HISTOGRAMS 1024
#include "sums.bpf.h"

/* The numbers are those of syscalls.ts. */
enum { durations = 1, errors = 2, lock_waits = 3 };

struct call {
  __u64 since;
  __u32 number;
  __u32 is_lock_wait;
  struct owned by;
};

/* The members that are read: of each kind of processor one has them. */
struct pt_regs___x86 {
  unsigned long si;
} __attribute__((preserve_access_index));

struct pt_regs___arm64 {
  unsigned long long regs[31];
} __attribute__((preserve_access_index));

/* Threads that are in a system call, by their ids; each leaves with it, or when it ends. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __type(key, __u32);
  __type(value, struct call);
} calls SEC(".maps");

#define FUTEX_WAITV 449 /* since Linux 5.16, and the same everywhere, as those behind it */
#define FUTEX_WAIT_ALONE 455

/* What futex(2) is asked for: FUTEX_CMD_MASK in include/uapi/linux/futex.h, and the operations that wait. */
static __always_inline bool waits_by(__u64 operation) {
  switch (operation & 0x7f) {
    case 0:  /* FUTEX_WAIT */
    case 6:  /* FUTEX_LOCK_PI */
    case 9:  /* FUTEX_WAIT_BITSET */
    case 11: /* FUTEX_WAIT_REQUEUE_PI */
    case 13: /* FUTEX_LOCK_PI2 */
      return true;
  }
  return false;
}

static __always_inline bool is_lock_wait(struct pt_regs* registers, long number) {
  struct pt_regs___x86* x86 = (void*)registers;
  struct pt_regs___arm64* arm64 = (void*)registers;
  if (number == FUTEX_WAITV || number == FUTEX_WAIT_ALONE) return true;
  if (bpf_core_field_exists(x86->si)) return number == 202 && waits_by(x86->si);
  return number == 98 && bpf_core_field_exists(arm64->regs) && waits_by(arm64->regs[1]);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(enter, struct pt_regs* registers, long number) {
  struct owned by = owners_of_current();
  if (!is_owned(by)) return 0;
  __u32 tid = bpf_get_current_pid_tgid();
  struct call call = {.since = bpf_ktime_get_ns(), .number = number, .by = by};
  call.is_lock_wait = is_lock_wait(registers, number);
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
  __u64 duration = bpf_ktime_get_ns() - call->since;
  record(by, durations, number, duration);
  if (call->is_lock_wait) record(by, lock_waits, 0, duration);
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
