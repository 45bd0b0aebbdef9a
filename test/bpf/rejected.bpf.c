// A program that no verifier accepts: it reads a map's value without asking whether there is one.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} values SEC(".maps");

SEC("raw_tp/sys_enter")
int unchecked(void* ctx) {
  __u32 key = 0;
  __u64* value = bpf_map_lookup_elem(&values, &key);
  return *value;
}

char LICENSE[] SEC("license") = "GPL";
