// SPDX-License-Identifier: MIT
// How long threads ran before they left the CPU, or how long they were off it.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

#include "../runqlat/task-state.bpf.h"

enum { by_nothing, by_process, by_thread };

const volatile __u32 by = by_nothing;
const volatile __u64 unit = 1000; /* nanoseconds that a value is counted in */
const volatile bool off_cpu = false;

FILTER_TASKS();
HISTOGRAMS(times, __u32, 10240);

/* Since when a thread is on the CPU, or off it, by its id. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65536);
  __type(key, __u32);
  __type(value, __u64);
} changed SEC(".maps");

__u64 missed = 0;

static __always_inline void begins(struct task_struct___state* task, __u64 now) {
  __u32 tid = task->pid;
  if (!tid || !filter_task(task)) return;
  if (bpf_map_update_elem(&changed, &tid, &now, BPF_ANY)) __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
}

static __always_inline void ends(struct task_struct___state* task, __u64 now) {
  __u32 tid = task->pid;
  __u64* since = bpf_map_lookup_elem(&changed, &tid);
  if (!since) return;
  __u32 key = by == by_process ? task->tgid : by == by_thread ? tid : 0;
  histograms_add(times, &key, (now - *since) / unit);
  bpf_map_delete_elem(&changed, &tid);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct___state* prev, struct task_struct___state* next) {
  __u64 now = bpf_ktime_get_ns();
  ends(off_cpu ? next : prev, now);
  begins(off_cpu ? prev : next, now);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
