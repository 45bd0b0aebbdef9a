// Stacks of a process as it is sampled, and the kernel's own names for its addresses.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;

struct {
  __uint(type, BPF_MAP_TYPE_STACK_TRACE);
  __uint(max_entries, 4096);
  __uint(key_size, 4);
  __uint(value_size, 127 * 8);
} stacks SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_STACK_TRACE);
  __uint(max_entries, 4096);
  __uint(key_size, 4);
  __uint(value_size, 127 * 32);
  __uint(map_flags, BPF_F_STACK_BUILD_ID);
} placed_stacks SEC(".maps");

SEC("perf_event")
int sample(struct bpf_perf_event_data* ctx) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid) return 0;
  bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
  bpf_get_stackid(ctx, &placed_stacks, BPF_F_USER_STACK);
  return 0;
}

__u64 address;
char text[192];

// As the kernel prints an address in an oops: function, offset, size and module.
SEC("syscall")
int name_address(void* ctx) {
  static const char format[] = "%pS";
  return bpf_snprintf(text, sizeof(text), format, &address, sizeof(address));
}

char LICENSE[] SEC("license") = "GPL";
