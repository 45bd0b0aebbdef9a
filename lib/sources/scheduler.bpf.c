// SPDX-License-Identifier: MIT
// Time of threads on CPUs, their waits for one, and their moves to another.
#define MOST_SUMS 1024
#include "sums.bpf.h"

/* The numbers are those of scheduler.ts. */
enum { on_cpu = 1, wait_for_cpu = 2, voluntary = 3, involuntary = 4, migrations = 5 };

/* The members that are read; `state` became `__state` in Linux 5.14. */
struct task_struct___state {
  unsigned int __state;
} __attribute__((preserve_access_index));

struct task_struct___old_state {
  long state;
} __attribute__((preserve_access_index));

struct waiting {
  __u64 since;
  struct owned by;
};

/* Threads that could run, by their ids; each leaves when it gets a CPU. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __type(key, __u32);
  __type(value, struct waiting);
} waits SEC(".maps");

static __always_inline bool could_run(struct task_struct* task) {
  struct task_struct___state* now = (void*)task;
  if (bpf_core_field_exists(now->__state)) return now->__state == 0;
  return ((struct task_struct___old_state*)task)->state == 0;
}

static __always_inline void begin_wait(__u32 tid, struct owned by) {
  struct waiting wait = {.since = bpf_ktime_get_ns(), .by = by};
  if (bpf_map_update_elem(&waits, &tid, &wait, BPF_ANY)) miss();
}

static __always_inline int woken(struct task_struct* task) {
  struct owned by = owners_of(task, task->tgid);
  if (is_owned(by)) begin_wait(task->pid, by);
  return 0;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(wakeup, struct task_struct* task) {
  return woken(task);
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(wakeup_new, struct task_struct* task) {
  return woken(task);
}

static __always_inline void leaves(struct task_struct* task, bool preempt) {
  struct owned by = owners_of(task, task->tgid);
  if (!task->pid || !is_owned(by)) return;
  bool is_put_aside = preempt || could_run(task);
  add(by, is_put_aside ? involuntary : voluntary, 0, 1);
  if (is_put_aside) begin_wait(task->pid, by);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct* previous, struct task_struct* next) {
  leaves(previous, preempt);
  __u32 tid = next->pid;
  struct waiting* wait = tid ? bpf_map_lookup_elem(&waits, &tid) : NULL;
  if (!wait) return 0;
  record(wait->by, wait_for_cpu, 0, bpf_ktime_get_ns() - wait->since);
  bpf_map_delete_elem(&waits, &tid);
  return 0;
}

/* The scheduler tells what it charges a thread: each tick, and when it leaves its CPU. */
SEC("tp_btf/sched_stat_runtime")
int BPF_PROG(charged, struct task_struct* task, __u64 runtime) {
  add(owners_of(task, task->tgid), on_cpu, 0, runtime);
  return 0;
}

SEC("tp_btf/sched_migrate_task")
int BPF_PROG(moved, struct task_struct* task) {
  add(owners_of(task, task->tgid), migrations, 0, 1);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
