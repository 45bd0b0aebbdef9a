// SPDX-License-Identifier: MIT
// Threads that ask for memory where none is free, and have to find some themselves before they go on.
#define MOST_SUMS 64
#include "sums.bpf.h"

/* The numbers are those of memory.ts; the labels are what was short. */
enum { stalls = 1 };
enum { of_system = 0, of_cgroup = 1 };

struct stall {
  __u64 since;
  struct owned by;
};

/* Threads that look for memory, by their ids; each leaves when it has done so. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, struct stall);
} stalled SEC(".maps");

static __always_inline int begin(void) {
  __u32 tid = bpf_get_current_pid_tgid();
  struct stall stall = {.since = bpf_ktime_get_ns(), .by = owners_of_current()};
  if (is_owned(stall.by) && bpf_map_update_elem(&stalled, &tid, &stall, BPF_ANY)) miss();
  return 0;
}

static __always_inline int end(__u32 what) {
  __u32 tid = bpf_get_current_pid_tgid();
  struct stall* stall = bpf_map_lookup_elem(&stalled, &tid);
  if (!stall) return 0;
  record(stall->by, stalls, what, bpf_ktime_get_ns() - stall->since);
  bpf_map_delete_elem(&stalled, &tid);
  return 0;
}

SEC("tp_btf/mm_vmscan_direct_reclaim_begin")
int system_begins(void* ctx) {
  return begin();
}

SEC("tp_btf/mm_vmscan_direct_reclaim_end")
int system_ends(void* ctx) {
  return end(of_system);
}

SEC("tp_btf/mm_vmscan_memcg_reclaim_begin")
int cgroup_begins(void* ctx) {
  return begin();
}

SEC("tp_btf/mm_vmscan_memcg_reclaim_end")
int cgroup_ends(void* ctx) {
  return end(of_cgroup);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
