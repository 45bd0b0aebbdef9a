// What a look into the kernel has to tell: a name that the kernel cuts, maps, variables, a function of its
// own, a constant of 64 bits.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;
__u64 last;

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
} calls SEC(".maps");

__attribute__((noinline)) int remember(__u64 id) {
  __u32 key = id;
  __u64 first = 0x1234567890abcdef;
  last = id;
  if (!bpf_map_lookup_elem(&calls, &key)) bpf_map_update_elem(&calls, &key, &first, BPF_ANY);
  return 0;
}

SEC("raw_tp/sys_enter")
int count_calls_of_one_process(struct bpf_raw_tracepoint_args* ctx) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid) return 0;
  return remember(ctx->args[1]);
}

char LICENSE[] SEC("license") = "GPL";
