// Perf events and iterators: what a processor does, and what the kernel has.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;
__u64 samples;

SEC("perf_event")
int sample(struct bpf_perf_event_data* ctx) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid) return 0;
  __atomic_fetch_add(&samples, 1, __ATOMIC_RELAXED);
  return 0;
}

SEC("iter/task")
int tasks(struct bpf_iter__task* ctx) {
  struct task_struct* task = ctx->task;
  if (task) BPF_SEQ_PRINTF(ctx->meta->seq, "%d %d %s\n", task->tgid, task->pid, task->comm);
  return 0;
}

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
} numbers SEC(".maps");

SEC("iter/bpf_map_elem")
int elements(struct bpf_iter__bpf_map_elem* ctx) {
  __u32* key = ctx->key;
  __u64* value = ctx->value;
  if (key && value) BPF_SEQ_PRINTF(ctx->meta->seq, "%u=%llu\n", *key, *value);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
