// SPDX-License-Identifier: MIT
// A thread as tools of the scheduler see it.
#pragma once

/* The members that are read; `state` became `__state` in Linux 5.14. */
struct task_struct___state {
  int pid;
  int tgid;
  unsigned int __state;
  char comm[16];
} __attribute__((preserve_access_index));

struct task_struct___old_state {
  long state;
} __attribute__((preserve_access_index));

/* TASK_RUNNING in include/linux/sched.h: it runs, or could. */
#define TASK_IS_RUNNING 0

static __always_inline long state_of(struct task_struct___state* task) {
  if (bpf_core_field_exists(task->__state)) return task->__state;
  return ((struct task_struct___old_state*)task)->state;
}
