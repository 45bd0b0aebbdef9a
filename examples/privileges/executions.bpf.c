// SPDX-License-Identifier: MIT
// Counts executions by the name of the parent of the process that did it.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define COMM_SIZE 16

struct caller {
  char comm[COMM_SIZE];
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, struct caller);
  __type(value, __u64);
} counts SEC(".maps");

const volatile __s32 target_parent = 0; /* only its children; 0: any process */

SEC("raw_tp/sched_process_exec")
int BPF_PROG(count, struct task_struct* task) {
  if (target_parent != 0 && BPF_CORE_READ(task, real_parent, tgid) != target_parent) return 0;
  struct caller parent = {};
  BPF_CORE_READ_STR_INTO(&parent.comm, task, real_parent, comm);
  __u64 one = 1;
  __u64* counted = bpf_map_lookup_elem(&counts, &parent);
  if (counted)
    __sync_fetch_and_add(counted, 1);
  else
    bpf_map_update_elem(&counts, &parent, &one, BPF_NOEXIST);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
