// Maps and programs of which their loader decides something before load.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

// Sizes, and no types.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __uint(key_size, 4);
  __uint(value_size, 8);
} untyped SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} guarded SEC(".maps");

__u64 runs;

static __noinline int add(__u64 amount) {
  __u32 first = 0;
  __u64* sum = bpf_map_lookup_elem(&guarded, &first);
  if (!sum) return 0;
  *sum += amount;
  return 1;
}

SEC("xdp")
int adds_one(struct xdp_md* ctx) {
  runs++;
  return add(1);
}

SEC("xdp")
int adds_two(struct xdp_md* ctx) {
  return add(2) + 1;
}

// Of addresses that are no multiple of 4.
SEC("xdp")
int reads_odd(struct xdp_md* ctx) {
  __u8* data = (__u8*)(long)ctx->data;
  if (data + 8 > (__u8*)(long)ctx->data_end) return 0;
  return *(volatile __u32*)(data + 1) == 0 ? 1 : 2;
}

char LICENSE[] SEC("license") = "GPL";
