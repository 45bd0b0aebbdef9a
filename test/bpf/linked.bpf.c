// Half of an object: its map and its function are in linked_part.bpf.c. And what may change before load.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} shared SEC(".maps");

extern int CONFIG_OF_NO_KERNEL __kconfig;
const volatile __u32 target_pid;
const volatile __u64 watched;
__u64 option;

extern int weight(__u64 calls);

SEC("raw_tp/sys_enter")
int counted(struct bpf_raw_tracepoint_args* ctx) {
  __u32 key = 0;
  __u64* calls = bpf_map_lookup_elem(&shared, &key);
  if (!calls || bpf_get_current_pid_tgid() >> 32 != target_pid || ctx->args[1] != watched) return 0;
  option = CONFIG_OF_NO_KERNEL;
  *calls += weight(*calls);
  return 0;
}

// Looks at no more than every packet has.
SEC("socket")
int sized(struct __sk_buff* skb) {
  return skb->len > 100;
}
