// SPDX-License-Identifier: MIT
// How often functions are called and tracepoints are met: each place is known by its cookie.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

FILTER_TASKS();

/* By cookie. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65536);
  __type(key, __u64);
  __type(value, __u64);
} counts SEC(".maps");

__u64 missed = 0;

static __always_inline void miss(void) {
  __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
}

static __always_inline int count(__u64 place) {
  if (!filter_current()) return 0;
  __u64 none = 0;
  __u64* times = bpf_map_lookup_elem(&counts, &place);
  if (!times) {
    bpf_map_update_elem(&counts, &place, &none, BPF_NOEXIST);
    times = bpf_map_lookup_elem(&counts, &place);
  }
  if (times)
    __atomic_fetch_add(times, 1, __ATOMIC_RELAXED);
  else
    miss();
  return 0;
}

SEC("uprobe.multi")
int in_file(void* ctx) {
  return count(bpf_get_attach_cookie(ctx));
}

SEC("tp")
int at_tracepoint(void* ctx) {
  return count(bpf_get_attach_cookie(ctx));
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
