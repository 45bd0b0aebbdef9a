// Records and variables that end in a flexible array, which begins before the padding at the end of its
// struct.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct event {
  __u64 sequence;
  __u32 length;
  __u8 data[];
};

struct list {
  __u64 sum;
  __u16 count;
  __u16 items[];
};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 16);
  __type(value, struct event);
} events SEC(".maps");

struct list three = {.sum = 24, .count = 3, .items = {7, 8, 9}};
struct list none = {.sum = 1};
struct event hello = {.length = 6, .data = "hello"};
const volatile struct list fixed = {.sum = 3, .count = 2, .items = {1, 2}};
__u32 added;

__u8 record[64];
__u32 size;
__u64 sequence;

SEC("xdp")
int emit(struct xdp_md* ctx) {
  const __u32 length = size;
  if (length > sizeof(record)) return XDP_DROP;
  *(__u64*)record = sequence++;
  *(__u32*)(record + 8) = length;
  return bpf_ringbuf_output(&events, record, length, 0) ? XDP_ABORTED : XDP_PASS;
}

SEC("xdp")
int add(struct xdp_md* ctx) {
  const volatile __u16* items = fixed.items;
  added = three.items[0] + three.items[1] + three.items[2] + items[0] + items[1] + hello.data[4];
  return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
