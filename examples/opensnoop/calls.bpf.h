// SPDX-License-Identifier: MIT
// Calls from their begin to their end: what one was given, a `struct call`, waits in the map `calls`.
#pragma once

struct call;

/* Calls under way, by thread. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 10240);
  __type(key, __u32);
  __type(value, struct call);
} calls SEC(".maps");

/* Calls for which `calls` had no room. */
__u64 missed = 0;

static __always_inline int call_begins(const struct call* call) {
  __u32 tid = bpf_get_current_pid_tgid();
  if (bpf_map_update_elem(&calls, &tid, call, BPF_ANY)) __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
  return 0;
}

/* The call that the running thread is in; NULL where it began before, or was not wanted. */
static __always_inline struct call* call_under_way(void) {
  __u32 tid = bpf_get_current_pid_tgid();
  return bpf_map_lookup_elem(&calls, &tid);
}

static __always_inline int call_ends(void) {
  __u32 tid = bpf_get_current_pid_tgid();
  bpf_map_delete_elem(&calls, &tid);
  return 0;
}
