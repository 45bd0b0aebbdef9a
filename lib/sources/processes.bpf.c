// SPDX-License-Identifier: MIT
// Processes and threads that begin and end, programs that are executed, and signals. Processes count for the
// one that started them.
#include "sums.bpf.h"

/* The numbers are those of processes.ts. */
enum { started = 1, threads_started = 2, executed = 3, ended = 4, signals = 5 };

/* How a process ended, as the label of `ended`. */
enum { with_success = 0, with_failure = 1, by_signal = 2 };

struct signal_struct___sums {
  struct atomic___filter live;
  int group_exit_code;
} __attribute__((preserve_access_index));

static __always_inline struct owned owners_of_child(struct task_struct* child) {
  return owners_of(child, BPF_CORE_READ(child, real_parent, tgid));
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(forked, struct task_struct* parent, struct task_struct* child) {
  if (child->pid == child->tgid)
    add(owners_of_child(child), started, 0, 1);
  else
    add(owners_of(child, child->tgid), threads_started, 0, 1);
  return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(exec, struct task_struct* task) {
  add(owners_of(task, task->tgid), executed, 0, 1);
  return 0;
}

/* The last thread of a process has been counted off before (do_exit() in kernel/exit.c). */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(exits, struct task_struct* task) {
  struct signal_struct___sums* signal = (void*)task->signal;
  if (BPF_CORE_READ(signal, live.counter) > 0) return 0;
  int group = BPF_CORE_READ(signal, group_exit_code);
  int code = group ? group : task->exit_code;
  add(owners_of_child(task), ended, code & 0x7f ? by_signal : code ? with_failure : with_success, 1);
  return 0;
}

SEC("tp_btf/signal_generate")
int BPF_PROG(sent, int number, struct kernel_siginfo* info, struct task_struct* task, int group, int result) {
  add(owners_of(task, task->tgid), signals, (__u32)result << 16 | (__u32)number, 1);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
