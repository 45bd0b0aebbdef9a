// SPDX-License-Identifier: MIT
// How many threads wait for a CPU, looked at so often a second.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#define LENGTHS 128

/* How often a queue was so long; what is longer is in the last. */
struct lengths {
  __u64 counts[LENGTHS];
};

/* The members that are read. */
struct rq___length {
  unsigned int nr_running;
} __attribute__((preserve_access_index));

struct cfs_rq___length {
  struct rq___length* rq;
} __attribute__((preserve_access_index));

struct sched_entity___length {
  struct cfs_rq___length* cfs_rq;
} __attribute__((preserve_access_index));

struct task_struct___length {
  struct sched_entity___length se;
} __attribute__((preserve_access_index));

/* Without groups of the scheduler a queue does not name the CPU's: it lies in
 * it. */
struct rq___holder {
  struct cfs_rq___length cfs;
} __attribute__((preserve_access_index));

const volatile bool by_cpu = false;

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4096);
  __type(key, __u32);
  __type(value, struct lengths);
} lengths SEC(".maps");

__u64 missed = 0;

static const struct lengths nothing = {};

/* Threads of all classes that run on this CPU or could. */
static __always_inline __u32 running_here(void) {
  struct task_struct___length* task = (void*)bpf_get_current_task();
  struct cfs_rq___length* queue = BPF_CORE_READ(task, se.cfs_rq);
  if (bpf_core_field_exists(queue->rq)) return BPF_CORE_READ(queue, rq, nr_running);
  return BPF_CORE_READ((struct rq___length*)((void*)queue - bpf_core_field_offset(struct rq___holder, cfs)),
                       nr_running);
}

SEC("perf_event")
int sample(void* ctx) {
  __u32 cpu = by_cpu ? bpf_get_smp_processor_id() : 0;
  __u32 running = running_here();
  /* One of them runs. */
  __u32 length = running ? running - 1 : 0;
  struct lengths* found = bpf_map_lookup_elem(&lengths, &cpu);
  if (!found) {
    bpf_map_update_elem(&lengths, &cpu, &nothing, BPF_NOEXIST);
    found = bpf_map_lookup_elem(&lengths, &cpu);
  }
  if (!found) {
    __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
    return 0;
  }
  if (length >= LENGTHS) length = LENGTHS - 1;
  __atomic_fetch_add(&found->counts[length], 1, __ATOMIC_RELAXED);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
