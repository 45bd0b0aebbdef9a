// SPDX-License-Identifier: MIT
// Every look at a file's status by a path, with the result. `mode` says by which call.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#include "../opensnoop/path-calls.bpf.h"

SEC("tracepoint/syscalls/sys_enter_newstat")
int enter_newstat(struct trace_event_raw_sys_enter* ctx) {
  return enter(PATH_WORKING_DIRECTORY, ctx->args[0], 0, 0);
}

SEC("tracepoint/syscalls/sys_exit_newstat")
int leave_newstat(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_newlstat")
int enter_newlstat(struct trace_event_raw_sys_enter* ctx) {
  return enter(PATH_WORKING_DIRECTORY, ctx->args[0], 0, 1);
}

SEC("tracepoint/syscalls/sys_exit_newlstat")
int leave_newlstat(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_newfstatat")
int enter_newfstatat(struct trace_event_raw_sys_enter* ctx) {
  return enter(ctx->args[0], ctx->args[1], ctx->args[3], 2);
}

SEC("tracepoint/syscalls/sys_exit_newfstatat")
int leave_newfstatat(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_statx")
int enter_statx(struct trace_event_raw_sys_enter* ctx) {
  return enter(ctx->args[0], ctx->args[1], ctx->args[2], 3);
}

SEC("tracepoint/syscalls/sys_exit_statx")
int leave_statx(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_enter_statfs")
int enter_statfs(struct trace_event_raw_sys_enter* ctx) {
  return enter(PATH_WORKING_DIRECTORY, ctx->args[0], 0, 4);
}

SEC("tracepoint/syscalls/sys_exit_statfs")
int leave_statfs(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
