// Maps that need to be told something before they can be made.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

// The object does not say what its inner maps are like.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u32);
} outer SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} table SEC(".maps");

char LICENSE[] SEC("license") = "GPL";
