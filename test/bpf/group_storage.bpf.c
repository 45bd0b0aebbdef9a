// What a cgroup keeps for the programs that are attached to it: how often its processes opened /dev/full.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define ALLOW 1

struct {
  __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
  __type(key, struct bpf_cgroup_storage_key);
  __type(value, __u64);
} opens SEC(".maps");

// By the cgroup alone, for all ways to attach.
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE);
  __type(key, __u64);
  __type(value, __u32);
} opens_by_cpu SEC(".maps");

SEC("cgroup/dev")
int count(struct bpf_cgroup_dev_ctx* ctx) {
  if (ctx->major != 1 || ctx->minor != 7) return ALLOW;
  __u64* all = bpf_get_local_storage(&opens, 0);
  __sync_fetch_and_add(all, 1);
  __u32* here = bpf_get_local_storage(&opens_by_cpu, 0);
  *here += 1;
  return ALLOW;
}

char LICENSE[] SEC("license") = "GPL";
