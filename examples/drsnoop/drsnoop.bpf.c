// SPDX-License-Identifier: MIT
// Every time that a thread has to free memory before it gets some: the machine's, or that of its cgroup.
//
// How many pages that freed is known when it ends; what began it waits in `calls` until then.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

struct event {
  __u64 time;     /* when it began, ns of the monotonic clock */
  __u64 duration; /* ns until it was done */
  __u64 pages;    /* that were freed */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __u32 order;    /* 2 to the power of it pages were asked for, in one piece */
  bool of_cgroup; /* a cgroup had reached its limit, not the machine */
  char comm[16];
};

struct call {
  __u64 time;
  __u32 order;
  bool of_cgroup;
};

#include "../opensnoop/calls.bpf.h"

/* The members that are read. */
struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template___own {
  int order;
} __attribute__((preserve_access_index));

struct trace_event_raw_mm_vmscan_direct_reclaim_end_template___own {
  unsigned long nr_reclaimed;
} __attribute__((preserve_access_index));

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

static __always_inline int begin(struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template___own* ctx,
                                 bool of_cgroup) {
  if (!filter_current()) return 0;
  struct call call = {.time = bpf_ktime_get_ns(), .order = ctx->order, .of_cgroup = of_cgroup};
  return call_begins(&call);
}

static __always_inline void send(const struct call* call, __u64 pages) {
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return;
  __u64 id = bpf_get_current_pid_tgid();
  event->time = call->time;
  event->duration = bpf_ktime_get_ns() - call->time;
  event->pages = pages;
  event->pid = id >> 32;
  event->tid = id;
  event->uid = bpf_get_current_uid_gid();
  event->order = call->order;
  event->of_cgroup = call->of_cgroup;
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  ringbuf_submit(event, 0);
}

static __always_inline int end(struct trace_event_raw_mm_vmscan_direct_reclaim_end_template___own* ctx) {
  struct call* call = call_under_way();
  if (!call) return 0;
  send(call, ctx->nr_reclaimed);
  return call_ends();
}

SEC("tp/vmscan/mm_vmscan_direct_reclaim_begin")
int machine_began(struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template___own* ctx) {
  return begin(ctx, false);
}

SEC("tp/vmscan/mm_vmscan_direct_reclaim_end")
int machine_ended(struct trace_event_raw_mm_vmscan_direct_reclaim_end_template___own* ctx) {
  return end(ctx);
}

SEC("tp/vmscan/mm_vmscan_memcg_reclaim_begin")
int cgroup_began(struct trace_event_raw_mm_vmscan_direct_reclaim_begin_template___own* ctx) {
  return begin(ctx, true);
}

SEC("tp/vmscan/mm_vmscan_memcg_reclaim_end")
int cgroup_ended(struct trace_event_raw_mm_vmscan_direct_reclaim_end_template___own* ctx) {
  return end(ctx);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
