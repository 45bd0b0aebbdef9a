// Rejected: memory that may not be there, or not so much of it.
#define BPF_NO_PRESERVE_ACCESS_INDEX
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "gallery.h"

const volatile __u32 limit = 1;

SEC("?raw_tp/sys_enter")
int unchecked_read(void* ctx) {
  struct items* items = bpf_map_lookup_elem(&table, &zero);
  return items->list[0];  // unchecked_read is rejected: null-check
}

SEC("?raw_tp/sys_enter")
int unchecked_write(void* ctx) {
  struct items* items = bpf_map_lookup_elem(&table, &zero);
  items->list[3] = 1;  // unchecked_write is rejected: null-check
  return 0;
}

static __noinline __u64 first_of(struct items* items) {
  return items->list[1];  // unchecked_in_callee is rejected: null-check
}

SEC("?raw_tp/sys_enter")
int unchecked_in_callee(void* ctx) {
  return first_of(bpf_map_lookup_elem(&table, &zero));
}

SEC("?raw_tp/sys_enter")
int unchecked_argument(void* ctx) {
  struct items* items = bpf_map_lookup_elem(&table, &zero);
  bpf_get_current_comm(items, 16);  // unchecked_argument is rejected: null-check
  return 0;
}

SEC("?raw_tp/sys_enter")
int unchecked_reservation(void* ctx) {
  __u64* event = bpf_ringbuf_reserve(&events, 16, 0);
  *event = 1;  // unchecked_reservation is rejected: null-check
  bpf_ringbuf_submit(event, 0);
  return 0;
}

SEC("?raw_tp/sys_enter")
int behind_value(void* ctx) {
  struct items* items = bpf_map_lookup_elem(&table, &zero);
  if (!items) return 0;
  return *(&items->list[0] + 8);  // behind_value is rejected: map-value-bounds
}

SEC("?raw_tp/sys_enter")
int index_too_large(void* ctx) {
  struct items* items = bpf_map_lookup_elem(&table, &zero);
  if (!items) return 0;
  return items->list[bpf_get_prandom_u32() & 15];  // index_too_large is rejected: map-value-bounds
}

SEC("?raw_tp/sys_enter")
int index_unbounded(void* ctx) {
  struct items* items = bpf_map_lookup_elem(&table, &zero);
  if (!items) return 0;
  return items->list[bpf_get_prandom_u32()];  // index_unbounded is rejected: unbounded-access
}

SEC("?raw_tp/sys_enter")
int index_negative(void* ctx) {
  struct items* items = bpf_map_lookup_elem(&table, &zero);
  if (!items) return 0;
  long index = (long)bpf_ktime_get_ns();
  if (index > 7) return 0;
  return items->list[index];  // index_negative is rejected: unbounded-access
}

SEC("?raw_tp/sys_enter")
int size_unbounded(void* ctx) {
  char text[16] = {};
  __u64 size = bpf_ktime_get_ns();
  bpf_probe_read_kernel(text, size, ctx);  // size_unbounded is rejected: unbounded-access
  return text[0];
}

SEC("?raw_tp/sys_enter")
int constant_written(void* ctx) {
  *(volatile __u32*)&limit = 2;  // constant_written is rejected: read-only
  return 0;
}

SEC("?raw_tp/sys_enter")
int number_as_pointer(void* ctx) {
  return *(volatile int*)(long)bpf_get_prandom_u32();  // number_as_pointer is rejected: not-a-pointer
}

SEC("?raw_tp/sys_enter")
int kernel_address(void* ctx) {
  const volatile int* task = (void*)bpf_get_current_task();
  return *task;  // kernel_address is rejected: not-a-pointer
}

SEC("?raw_tp/sys_enter")
int behind_reservation(void* ctx) {
  volatile __u64* event = bpf_ringbuf_reserve(&events, 16, 0);
  if (!event) return 0;
  event[2] = 1;  // behind_reservation is rejected: memory-bounds
  bpf_ringbuf_submit((void*)event, 0);
  return 0;
}

SEC("?raw_tp/sys_enter")
int after_submit(void* ctx) {
  volatile __u64* event = bpf_ringbuf_reserve(&events, 16, 0);
  if (!event) return 0;
  bpf_ringbuf_submit((void*)event, 0);
  return *event;  // after_submit is rejected: not-a-pointer
}

SEC("?raw_tp/sys_enter")
int length_may_be_zero(void* ctx) {
  struct items* items = bpf_map_lookup_elem(&table, &zero);
  if (!items) return 0;
  __u32 size = bpf_get_prandom_u32() & 7;
  // Until Linux 6.8 an access of no bytes was one behind the end.
  bpf_get_current_comm(items, size);  // length_may_be_zero is rejected: zero-size or map-value-bounds
  return 0;
}

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __uint(map_flags, BPF_F_WRONLY_PROG);
  __type(key, __u32);
  __type(value, struct items);
} written SEC(".maps");

SEC("?raw_tp/sys_enter")
int write_only_read(void* ctx) {
  struct items* items = bpf_map_lookup_elem(&written, &zero);
  if (!items) return 0;
  return items->list[0];  // write_only_read is rejected: write-only
}

char LICENSE[] SEC("license") = "GPL";
