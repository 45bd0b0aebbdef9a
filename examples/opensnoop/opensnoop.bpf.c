// SPDX-License-Identifier: MIT
// Every file that is opened, by open, creat, openat and openat2, with the result.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#include "path-calls.bpf.h"

SEC("tracepoint/syscalls/sys_enter_open")
int enter_open(struct trace_event_raw_sys_enter* ctx) {
  return enter(PATH_WORKING_DIRECTORY, ctx->args[0], ctx->args[1], ctx->args[2]);
}

SEC("tracepoint/syscalls/sys_enter_creat")
int enter_creat(struct trace_event_raw_sys_enter* ctx) {
  /* O_CREAT, O_WRONLY and O_TRUNC, as sys_creat() in fs/open.c calls it. */
  return enter(PATH_WORKING_DIRECTORY, ctx->args[0], 01101, ctx->args[1]);
}

SEC("tracepoint/syscalls/sys_enter_openat")
int enter_openat(struct trace_event_raw_sys_enter* ctx) {
  return enter(ctx->args[0], ctx->args[1], ctx->args[2], ctx->args[3]);
}

SEC("tracepoint/syscalls/sys_enter_openat2")
int enter_openat2(struct trace_event_raw_sys_enter* ctx) {
  struct open_how how = {};
  bpf_probe_read_user(&how, sizeof(how), (void*)ctx->args[2]);
  return enter(ctx->args[0], ctx->args[1], how.flags, how.mode);
}

SEC("tracepoint/syscalls/sys_exit_open")
int leave_open(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_exit_creat")
int leave_creat(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_exit_openat")
int leave_openat(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

SEC("tracepoint/syscalls/sys_exit_openat2")
int leave_openat2(struct trace_event_raw_sys_exit* ctx) {
  return leave(ctx->ret);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
