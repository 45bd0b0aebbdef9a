// SPDX-License-Identifier: MIT
// Every check of a capability, and how it ended.
//
// cap_capable() in security/commoncap.c is asked by all others. It has a tracepoint since Linux 6.14.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

struct event {
  __u64 time; /* ns of the monotonic clock */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __s32 result; /* 0 or a negative errno */
  __u32 capability;
  __s8 audited; /* a refusal goes to the audit log: 1 or 0, -1 where that is not known */
  char comm[16];
};

struct seen {
  __u32 pid;
  __u32 capability;
  __s32 result;
};

/* A check under way, where its entry and its return are probes of their own. */
struct call {
  __u32 capability;
  __u32 options;
};

#include "../opensnoop/calls.bpf.h"

/* The members that are read. */
struct trace_event_raw_cap_capable___own {
  int cap;
  int ret;
} __attribute__((preserve_access_index));

/* CAP_OPT_NOAUDIT in include/linux/security.h, of cap_capable(). */
#define NO_AUDIT 2

const volatile bool failures_only = false;
const volatile bool unique = false;

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, struct seen);
  __type(value, __u8);
} seen SEC(".maps");

static __always_inline bool is_new(__u32 pid, __u32 capability, __s32 result) {
  struct seen key = {.pid = pid, .capability = capability, .result = result};
  __u8 one = 1;
  long error = bpf_map_update_elem(&seen, &key, &one, BPF_NOEXIST);
  if (error && error != -EEXIST) __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
  return !error;
}

static __noinline int check(__u32 capability, __s32 result, __s32 audited) {
  if (failures_only && !result) return 0;
  if (!filter_current()) return 0;
  __u64 id = bpf_get_current_pid_tgid();
  if (unique && !is_new(id >> 32, capability, result)) return 0;
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return 0;
  event->time = bpf_ktime_get_ns();
  event->pid = id >> 32;
  event->tid = id;
  event->uid = bpf_get_current_uid_gid();
  event->result = result;
  event->capability = capability;
  event->audited = audited;
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  ringbuf_submit(event, 0);
  return 0;
}

SEC("tp/capability/cap_capable")
int checked(struct trace_event_raw_cap_capable___own* ctx) {
  return check(ctx->cap, ctx->ret, -1);
}

SEC("fexit/cap_capable")
int BPF_PROG(left, void* cred, void* targ_ns, int cap, unsigned int opts, int ret) {
  return check(cap, ret, !(opts & NO_AUDIT));
}

SEC("kprobe/cap_capable")
int BPF_KPROBE(entered, void* cred, void* targ_ns, int cap, unsigned int opts) {
  struct call call = {.capability = cap, .options = opts};
  return call_begins(&call);
}

SEC("kretprobe/cap_capable")
int BPF_KRETPROBE(returned, int ret) {
  struct call* call = call_under_way();
  if (!call) return 0;
  check(call->capability, ret, !(call->options & NO_AUDIT));
  return call_ends();
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
