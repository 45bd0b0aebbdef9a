// Rejected: loops, recursion, results, and calls of helpers.
#define BPF_NO_PRESERVE_ACCESS_INDEX
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "gallery.h"

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
} absent SEC(".maps");

SEC("?raw_tp/sys_enter")
int loop_infinite(void* ctx) {
  while (1) asm volatile("" ::: "memory");  // loop_infinite is rejected: infinite-loop
  return 0;
}

SEC("?raw_tp/sys_enter")
int loop_too_complex(void* ctx) {
  __u32 found = 0;
  for (__u32 i = 0; i < 100000; i++)
    if (bpf_get_prandom_u32() == i) found += i;  // loop_too_complex is rejected: too-many-instructions
  return found;
}

static __noinline int recurse(int depth) {
  volatile int rest = depth;
  if (depth > 8) return rest;
  return recurse(depth + 1) + rest;  // recursion is rejected: call-depth or back-edge
}

SEC("?raw_tp/sys_enter")
int recursion(void* ctx) {
  return recurse(bpf_get_prandom_u32());  // recursion is rejected: back-edge since 7.0
}

SEC("?raw_tp/sys_enter")
int never_reached(void* ctx) {
  asm volatile("goto +1; r0 = 0" ::: "r0");  // never_reached is rejected: control-flow
  return 0;
}

SEC("?cgroup/connect4")
int result_of_connect(void* ctx) {
  return 7;  // result_of_connect is rejected: return-code
}

SEC("?cgroup_skb/egress")
int result_unknown(void* ctx) {
  return bpf_get_prandom_u32();  // result_unknown is rejected: return-code
}

SEC("?raw_tp/sys_enter")
int helper_unknown(void* ctx) {
  return ((int (*)(void))9999)();  // helper_unknown is rejected: missing-helper
}

SEC("?raw_tp/sys_enter")
int helper_of_others(void* ctx) {
  char byte = 0;
  return bpf_skb_load_bytes(ctx, 0, &byte, 1);  // helper_of_others is rejected: helper-not-allowed
}

SEC("?raw_tp/sys_enter")
int helper_sleeps(void* ctx) {
  char byte = 0;
  return bpf_copy_from_user(&byte, 1, 0);  // helper_sleeps is rejected: sleepable
}

SEC("?raw_tp/sys_enter")
int map_of_other_kind(void* ctx) {
  __u64 event = 1;
  return bpf_ringbuf_output(&table, &event, sizeof(event), 0);  // map_of_other_kind is rejected: map-type
}

SEC("?raw_tp/sys_enter")
int tail_call_by_array(void* ctx) {
  bpf_tail_call(ctx, &table, 0);  // tail_call_by_array is rejected: tail-call
  return 0;
}

SEC("?raw_tp/sys_enter")
int number_for_map(void* ctx) {
  return bpf_map_lookup_elem((void*)1, &zero) != 0;  // number_for_map is rejected: helper-argument
}

SEC("?raw_tp/sys_enter")
int map_not_created(void* ctx) {
  return bpf_map_lookup_elem(&absent, &zero) != 0;  // map_not_created is rejected: missing-map
}

char LICENSE[] SEC("license") = "GPL";
