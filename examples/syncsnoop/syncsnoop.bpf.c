// SPDX-License-Identifier: MIT
// Every call that has data written to disks, and how long it took.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

struct event {
  __u64 time;     /* when it was called, ns of the monotonic clock */
  __u64 duration; /* ns until it was done */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __s32 result;
  __s32 descriptor; /* -1 for a call that has none */
  __u32 call;
  char comm[16];
  char file[64]; /* the name of the file, without its directory; empty for a call that has none */
};

struct call {
  __u64 time;
  __s32 descriptor;
  __u32 call;
};

#include "../opensnoop/calls.bpf.h"

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

static __noinline int enter(__u32 number, __s32 descriptor) {
  if (!filter_current()) return 0;
  struct call call = {.time = bpf_ktime_get_ns(), .descriptor = descriptor, .call = number};
  return call_begins(&call);
}

static __noinline int leave(__s32 result) {
  __u32 tid = bpf_get_current_pid_tgid();
  struct call* call = call_under_way();
  if (!call) return 0;
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (event) {
    event->time = call->time;
    event->duration = bpf_ktime_get_ns() - call->time;
    event->pid = bpf_get_current_pid_tgid() >> 32;
    event->tid = tid;
    event->uid = bpf_get_current_uid_gid();
    event->result = result;
    event->descriptor = call->descriptor;
    event->call = call->call;
    bpf_get_current_comm(event->comm, sizeof(event->comm));
    struct dentry___path* dentry = path_base(call->descriptor, true).dentry;
    event->file[0] = 0;
    if (call->descriptor >= 0 && dentry)
      bpf_probe_read_kernel_str(event->file, sizeof(event->file), BPF_CORE_READ(dentry, d_name.name));
    ringbuf_submit(event, 0);
  }
  return call_ends();
}

SEC("tracepoint/syscalls/sys_enter_sync")
int enter_sync(struct trace_event_raw_sys_enter* ctx) {
  return enter(0, -1);
}

SEC("tracepoint/syscalls/sys_exit_sync")
int leave_sync(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_syncfs")
int enter_syncfs(struct trace_event_raw_sys_enter* ctx) {
  return enter(1, ctx->args[0]);
}

SEC("tracepoint/syscalls/sys_exit_syncfs")
int leave_syncfs(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_fsync")
int enter_fsync(struct trace_event_raw_sys_enter* ctx) {
  return enter(2, ctx->args[0]);
}

SEC("tracepoint/syscalls/sys_exit_fsync")
int leave_fsync(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_fdatasync")
int enter_fdatasync(struct trace_event_raw_sys_enter* ctx) {
  return enter(3, ctx->args[0]);
}

SEC("tracepoint/syscalls/sys_exit_fdatasync")
int leave_fdatasync(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_msync")
int enter_msync(struct trace_event_raw_sys_enter* ctx) {
  return enter(4, -1);
}

SEC("tracepoint/syscalls/sys_exit_msync")
int leave_msync(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_sync_file_range")
int enter_sync_file_range(struct trace_event_raw_sys_enter* ctx) {
  return enter(5, ctx->args[0]);
}

SEC("tracepoint/syscalls/sys_exit_sync_file_range")
int leave_sync_file_range(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
