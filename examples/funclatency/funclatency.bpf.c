// SPDX-License-Identifier: MIT
// How long functions take, from their call to their return: each is known by its cookie.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

/* Calls under way, of one function in one thread. */
struct running {
  __u64 since; /* of the outermost */
  __u64 depth;
};

struct running_key {
  __u64 place;
  __u64 tid;
};

const volatile __u64 unit = 1000;  /* nanoseconds that a value is counted in */
const volatile bool apart = false; /* a histogram for each function */

FILTER_TASKS();
HISTOGRAMS(times, __u64, 10240);

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65536);
  __type(key, struct running_key);
  __type(value, struct running);
} calls SEC(".maps");

/* Calls for which `calls` had no room. */
__u64 missed = 0;

static __always_inline int enter(__u64 place) {
  if (!filter_current()) return 0;
  struct running_key key = {.place = place, .tid = (__u32)bpf_get_current_pid_tgid()};
  struct running* known = bpf_map_lookup_elem(&calls, &key);
  if (known) {
    known->depth++;
    return 0;
  }
  struct running call = {.since = bpf_ktime_get_ns(), .depth = 1};
  if (bpf_map_update_elem(&calls, &key, &call, BPF_ANY)) __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
  return 0;
}

static __always_inline int leave(__u64 place) {
  struct running_key key = {.place = place, .tid = (__u32)bpf_get_current_pid_tgid()};
  struct running* call = bpf_map_lookup_elem(&calls, &key);
  if (!call) return 0;
  if (--call->depth) return 0;
  __u64 of = apart ? place : 0;
  histograms_add(times, &of, (bpf_ktime_get_ns() - call->since) / unit);
  bpf_map_delete_elem(&calls, &key);
  return 0;
}

SEC("uprobe.multi")
int file_entered(void* ctx) {
  return enter(bpf_get_attach_cookie(ctx));
}

SEC("uretprobe.multi")
int file_left(void* ctx) {
  return leave(bpf_get_attach_cookie(ctx));
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
