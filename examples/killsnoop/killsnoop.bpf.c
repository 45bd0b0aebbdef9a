// SPDX-License-Identifier: MIT
// Every signal that a process sends by kill, tkill, tgkill or pidfd_send_signal, with the result of the call.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

struct event {
  __u64 time; /* when it was called, ns of the monotonic clock */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __s32 target; /* as the caller named it: a process, a thread, 0 or negative for groups; a descriptor */
  __s32 signal;
  __s32 result;
  bool by_descriptor; /* `target` is a descriptor of a process */
  char comm[16];
};

const volatile bool failures_only = false;
const volatile __s32 only_signal = 0; /* 0: any */

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

struct call {
  __u64 time;
  __s32 target;
  __s32 signal;
  bool by_descriptor;
};

#include "../opensnoop/calls.bpf.h"

static __noinline int enter(__s32 target, __s32 signal, bool by_descriptor) {
  if (only_signal && signal != only_signal) return 0;
  if (!filter_current()) return 0;
  struct call call = {};
  call.time = bpf_ktime_get_ns();
  call.target = target;
  call.signal = signal;
  call.by_descriptor = by_descriptor;
  return call_begins(&call);
}

static __always_inline void send(const struct call* call, __s32 result) {
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return;
  __u64 id = bpf_get_current_pid_tgid();
  event->time = call->time;
  event->pid = id >> 32;
  event->tid = id;
  event->uid = bpf_get_current_uid_gid();
  event->target = call->target;
  event->signal = call->signal;
  event->by_descriptor = call->by_descriptor;
  event->result = result;
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  ringbuf_submit(event, 0);
}

static __noinline int leave(__s64 result) {
  struct call* call = call_under_way();
  if (!call) return 0;
  if (!failures_only || result < 0) send(call, result);
  return call_ends();
}

SEC("tracepoint/syscalls/sys_enter_kill")
int enter_kill(struct trace_event_raw_sys_enter* ctx) {
  return enter(ctx->args[0], ctx->args[1], false);
}

SEC("tracepoint/syscalls/sys_enter_tkill")
int enter_tkill(struct trace_event_raw_sys_enter* ctx) {
  return enter(ctx->args[0], ctx->args[1], false);
}

SEC("tracepoint/syscalls/sys_enter_tgkill")
int enter_tgkill(struct trace_event_raw_sys_enter* ctx) {
  return enter(ctx->args[1], ctx->args[2], false);
}

SEC("tracepoint/syscalls/sys_enter_pidfd_send_signal")
int enter_pidfd(struct trace_event_raw_sys_enter* ctx) {
  return enter(ctx->args[0], ctx->args[1], true);
}

SEC("tracepoint/syscalls/sys_exit_kill")
int leave_kill(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_exit_tkill")
int leave_tkill(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_exit_tgkill")
int leave_tgkill(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_exit_pidfd_send_signal")
int leave_pidfd(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
