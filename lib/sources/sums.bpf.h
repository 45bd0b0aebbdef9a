// SPDX-License-Identifier: MIT
// What all sources have: whose doings are summed up, sums by slot and label, and histograms in powers of two
// of a second with the exact sum of their values.
#pragma once

#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

#include "cgroup.bpf.h"

enum owner_kind { owner_host = 1, owner_process = 2, owner_cgroup = 4 };

struct owner {
  __u64 id; /* of a process, of a cgroup; 0 of the host */
  __u64 kind;
};

/* The slot of each observed owner; the first one is 1. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 128);
  __type(key, struct owner);
  __type(value, __u32);
} owners SEC(".maps");

/* Which kinds of owners there are, so that no other is looked for. */
__u32 wanted = 0;
/* Where a cgroup is looked for: 0 in the second version's hierarchy, else the controller's number and one. */
__u32 hierarchy = 0;

/* Entries that found no room in a map. */
__u64 missed = 0;

/* The slots of those whose doing something is; 0 is none. */
struct owned {
  __u16 host;
  __u16 process;
  __u16 inner; /* the innermost observed cgroup, */
  __u16 outer; /* and one around it */
};

/* A source that has many says so before it includes this: each takes 400 bytes on each CPU. */
#ifndef MOST_HISTOGRAMS
#define MOST_HISTOGRAMS 128
#endif

/* The same of one that has few. */
#ifndef MOST_SUMS
#define MOST_SUMS 4096
#endif

struct sum_key {
  __u16 slot;
  __u16 metric;
  __u32 label;
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, MOST_SUMS);
  __type(key, struct sum_key);
  __type(value, __u64);
} sums SEC(".maps");

enum {
  lowest_power = -30, /* what takes less than this power of two of a second is counted with it */
  powers = 48,
};

/* `counts[0]` is of the value 0, `counts[n]` of those up to 2^(lowest_power + n - 1) seconds. */
struct histogram {
  __u64 sum; /* nanoseconds */
  __u64 counts[powers + 1];
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, MOST_HISTOGRAMS);
  __type(key, struct sum_key);
  __type(value, struct histogram);
} histograms SEC(".maps");

static const struct histogram no_histogram = {};

static __always_inline void miss(void) {
  __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
}

static __always_inline __u16 slot_of(__u64 kind, __u64 id) {
  struct owner key = {.id = id, .kind = kind};
  __u32* slot = bpf_map_lookup_elem(&owners, &key);
  return slot ? *slot : 0;
}

/* The innermost observed cgroup of a thread in the lower half, one around it in the upper. */
static __noinline __u32 cgroup_owners(struct task_struct* task) {
  struct cgroup___filter* cgroup = cgroup_in(hierarchy, task);
  int last = BPF_CORE_READ(cgroup, level);
  __u32 found = 0;
  for (int level = 0; level < 32 && level <= last; level++) {
    __u16 slot = slot_of(owner_cgroup, filter_ancestor(cgroup, level));
    if (!slot) continue;
    if (found >> 16) miss();
    found = found << 16 | slot;
  }
  return found;
}

/* Whose doing is what a thread does, where `pid` is the process that it counts for. */
static __always_inline struct owned owners_of(struct task_struct* task, __u32 pid) {
  struct owned found = {};
  if (wanted & owner_cgroup) {
    __u32 cgroups = cgroup_owners(task);
    found.inner = cgroups;
    found.outer = cgroups >> 16;
  }
  if (wanted & owner_process) found.process = slot_of(owner_process, pid);
  if (wanted & owner_host) found.host = slot_of(owner_host, 0);
  return found;
}

static __always_inline struct owned owners_of_current(void) {
  return owners_of((void*)bpf_get_current_task(), bpf_get_current_pid_tgid() >> 32);
}

static __always_inline bool is_owned(struct owned by) {
  return by.host || by.process || by.inner;
}

static __noinline int add_to_slot(__u32 slot, __u32 metric, __u32 label, __u64 amount) {
  struct sum_key key = {.slot = slot, .metric = metric, .label = label};
  __u64* sum = bpf_map_lookup_elem(&sums, &key);
  if (!sum) {
    __u64 none = 0;
    bpf_map_update_elem(&sums, &key, &none, BPF_NOEXIST);
    sum = bpf_map_lookup_elem(&sums, &key);
  }
  if (sum)
    __atomic_fetch_add(sum, amount, __ATOMIC_RELAXED);
  else
    miss();
  return 0;
}

static __always_inline void add(struct owned by, __u32 metric, __u32 label, __u64 amount) {
  if (by.host) add_to_slot(by.host, metric, label, amount);
  if (by.process) add_to_slot(by.process, metric, label, amount);
  if (by.inner) add_to_slot(by.inner, metric, label, amount);
  if (by.outer) add_to_slot(by.outer, metric, label, amount);
}

/*
 * The place of a duration in `counts`. A power of two of a second has no whole number of nanoseconds, so
 * those up to a second are compared in units of 2^-30 seconds, rounded up, and longer ones in seconds,
 * rounded up.
 */
static __always_inline __u32 place_of(__u64 nanoseconds) {
  const __u64 second = 1000000000;
  if (!nanoseconds) return 0;
  bool is_short = nanoseconds <= second;
  __u64 units = ((is_short ? nanoseconds << 30 : nanoseconds) + second - 1) / second;
  __u32 place = histogram_bucket(units - 1) + 1 + (is_short ? 0 : -lowest_power);
  return place > powers ? powers : place;
}

static __noinline int record_in_slot(__u32 slot, __u32 metric, __u32 label, __u64 nanoseconds) {
  struct sum_key key = {.slot = slot, .metric = metric, .label = label};
  struct histogram* found = bpf_map_lookup_elem(&histograms, &key);
  if (!found) {
    bpf_map_update_elem(&histograms, &key, &no_histogram, BPF_NOEXIST);
    found = bpf_map_lookup_elem(&histograms, &key);
  }
  __u32 place = place_of(nanoseconds);
  if (!found || place > powers) {
    miss();
    return 0;
  }
  __atomic_fetch_add(&found->sum, nanoseconds, __ATOMIC_RELAXED);
  __atomic_fetch_add(&found->counts[place], 1, __ATOMIC_RELAXED);
  return 0;
}

static __always_inline void record(struct owned by, __u32 metric, __u32 label, __u64 nanoseconds) {
  if (by.host) record_in_slot(by.host, metric, label, nanoseconds);
  if (by.process) record_in_slot(by.process, metric, label, nanoseconds);
  if (by.inner) record_in_slot(by.inner, metric, label, nanoseconds);
  if (by.outer) record_in_slot(by.outer, metric, label, nanoseconds);
}
