// SPDX-License-Identifier: MIT
// How long threads waited for locks of the kernel, by the stack that asked.
//
// The tracepoints tell of locks that were held by another when they were asked for: since Linux 5.19.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

#define STACK_DEPTH 32

/* A wait under way. */
struct wait {
  __u64 began;
  __s32 stack;
  __u32 flags;
};

struct waited_key {
  __s32 stack; /* a number of `stacks`, or a negative errno */
  __u32 flags; /* LCB_F_SPIN and its like in include/trace/events/lock.h */
};

struct waited {
  __u64 count;
  __u64 time; /* ns of all */
  __u64 longest;
};

/* Since when a thread waits for what, by its address and the lock: an interrupt may wait for another
 * meanwhile. */
struct wait_key {
  __u64 task;
  __u64 lock;
};

FILTER_TASKS();

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __type(key, struct wait_key);
  __type(value, struct wait);
} waits SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __type(key, struct waited_key);
  __type(value, struct waited);
} sums SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_STACK_TRACE);
  __uint(max_entries, 16384);
  __uint(key_size, sizeof(__u32));
  __uint(value_size, STACK_DEPTH * sizeof(__u64));
} stacks SEC(".maps");

/* What found no room in a map. */
__u64 missed = 0;

static __always_inline void miss(void) {
  __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
}

SEC("tp_btf/contention_begin")
int BPF_PROG(begins, void* lock, unsigned int flags) {
  if (!filter_current()) return 0;
  struct wait_key key = {.task = bpf_get_current_task(), .lock = (__u64)lock};
  /* Spinning on a mutex and sleeping for it are told one after the other: __mutex_lock_common() in
   * kernel/locking/mutex.c. */
  struct wait* known = bpf_map_lookup_elem(&waits, &key);
  if (known) {
    known->flags |= flags;
    return 0;
  }
  struct wait wait = {.began = bpf_ktime_get_ns(), .flags = flags};
  wait.stack = bpf_get_stackid(ctx, &stacks, 0);
  if (bpf_map_update_elem(&waits, &key, &wait, BPF_ANY)) miss();
  return 0;
}

static __always_inline void add(const struct wait* wait) {
  struct waited_key key = {.stack = wait->stack, .flags = wait->flags};
  struct waited first = {};
  struct waited* sum = bpf_map_lookup_elem(&sums, &key);
  if (!sum) {
    bpf_map_update_elem(&sums, &key, &first, BPF_NOEXIST);
    sum = bpf_map_lookup_elem(&sums, &key);
  }
  if (!sum) {
    miss();
    return;
  }
  __u64 time = bpf_ktime_get_ns() - wait->began;
  __atomic_fetch_add(&sum->count, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&sum->time, time, __ATOMIC_RELAXED);
  /* Of two that end at once on two CPUs, the shorter one may stay. */
  if (time > sum->longest) sum->longest = time;
}

SEC("tp_btf/contention_end")
int BPF_PROG(ends, void* lock, int ret) {
  struct wait_key key = {.task = bpf_get_current_task(), .lock = (__u64)lock};
  struct wait* wait = bpf_map_lookup_elem(&waits, &key);
  if (!wait) return 0;
  add(wait);
  bpf_map_delete_elem(&waits, &key);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
