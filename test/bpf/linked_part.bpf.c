// The other half of linked.bpf.c.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} shared SEC(".maps") __weak;

__hidden int weight(__u64 calls) {
  return calls < 20 ? 10 : 1;
}

SEC("raw_tp/sys_enter")
int untouched(void* ctx) {
  __u32 key = 0;
  return bpf_map_lookup_elem(&shared, &key) ? 0 : 1;
}

char LICENSE[] SEC("license") = "GPL";
