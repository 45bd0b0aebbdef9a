// SPDX-License-Identifier: MIT
// How often each system call ended, how often with an error, and how long it took.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

enum { any_process = 0, any_call = -1 };

const volatile bool by_process = false;
const volatile bool failures_only = false;
const volatile __s32 only_error = 0; /* an errno, as a positive number; 0: any */
const volatile bool measure = false; /* times too: `enter` is loaded */

FILTER_TASKS();

struct counted {
  __u32 pid;
  __s32 call;
};

struct counts {
  __u64 calls;
  __u64 errors;
  __u64 time; /* nanoseconds */
  char comm[16];
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __type(key, struct counted);
  __type(value, struct counts);
} counts SEC(".maps");

/* Since when a thread is in a system call. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __type(key, __u32);
  __type(value, __u64);
} begun SEC(".maps");

__u64 missed = 0;

static const struct counts no_counts = {};

static __always_inline void miss(void) {
  __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
}

/* An address of the map's, or NULL. */
static __always_inline struct counts* counts_of(const struct counted* key) {
  struct counts* found = bpf_map_lookup_elem(&counts, key);
  if (found) return found;
  bpf_map_update_elem(&counts, key, &no_counts, BPF_NOEXIST);
  found = bpf_map_lookup_elem(&counts, key);
  if (found)
    bpf_get_current_comm(found->comm, sizeof(found->comm));
  else
    miss();
  return found;
}

SEC("tp/raw_syscalls/sys_enter")
int enter(struct trace_event_raw_sys_enter* ctx) {
  if (!filter_current()) return 0;
  __u32 tid = bpf_get_current_pid_tgid();
  __u64 now = bpf_ktime_get_ns();
  if (bpf_map_update_elem(&begun, &tid, &now, BPF_ANY)) miss();
  return 0;
}

SEC("tp/raw_syscalls/sys_exit")
int leave(struct trace_event_raw_sys_exit* ctx) {
  /* A call that was interrupted and is to go on by itself has no number. */
  if (ctx->id < 0 || !filter_current()) return 0;
  __u64 id = bpf_get_current_pid_tgid();
  __u32 tid = id;
  /* MAX_ERRNO in include/linux/err.h */
  bool failed = ctx->ret < 0 && ctx->ret >= -4095;
  if (failures_only && !failed) return 0;
  if (only_error && ctx->ret != -only_error) return 0;
  struct counted key = {.pid = by_process ? id >> 32 : any_process, .call = by_process ? any_call : ctx->id};
  struct counts* found = counts_of(&key);
  if (!found) return 0;
  if (measure) {
    __u64* since = bpf_map_lookup_elem(&begun, &tid);
    if (!since) return 0; /* it began before we looked */
    __atomic_fetch_add(&found->time, bpf_ktime_get_ns() - *since, __ATOMIC_RELAXED);
  }
  __atomic_fetch_add(&found->calls, 1, __ATOMIC_RELAXED);
  if (failed) __atomic_fetch_add(&found->errors, 1, __ATOMIC_RELAXED);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
