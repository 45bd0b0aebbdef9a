// SPDX-License-Identifier: MIT
// How long threads that could run waited for a CPU.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

#include "task-state.bpf.h"

enum { by_nothing, by_process, by_thread };

const volatile __u32 by = by_nothing;
const volatile __u64 unit = 1000; /* nanoseconds that a value is counted in */

FILTER_TASKS();
HISTOGRAMS(waits, __u32, 10240);

/* Since when a thread waits, by its id. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65536);
  __type(key, __u32);
  __type(value, __u64);
} waiting SEC(".maps");

__u64 missed = 0;

static __always_inline int begins(struct task_struct___state* task) {
  __u32 tid = task->pid;
  if (!tid || !filter_task(task)) return 0;
  __u64 now = bpf_ktime_get_ns();
  if (bpf_map_update_elem(&waiting, &tid, &now, BPF_ANY)) __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(woken, struct task_struct___state* task) {
  return begins(task);
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(started, struct task_struct___state* task) {
  return begins(task);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct___state* prev, struct task_struct___state* next) {
  /* One that was about to wait and had to leave before it did waits for a CPU too. */
  if (preempt || state_of(prev) == TASK_IS_RUNNING) begins(prev);
  __u32 tid = next->pid;
  __u64* since = bpf_map_lookup_elem(&waiting, &tid);
  if (!since) return 0;
  __u32 key = by == by_process ? next->tgid : by == by_thread ? tid : 0;
  histograms_add(waits, &key, (bpf_ktime_get_ns() - *since) / unit);
  bpf_map_delete_elem(&waiting, &tid);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
