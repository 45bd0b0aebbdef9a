// SPDX-License-Identifier: MIT
// Every look-up of a host by the C library, with the result.
//
// What a call was given waits in `calls` until it ends: the name is in memory
// by then.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

enum call_kind { CALL_GETADDRINFO, CALL_GETHOSTBYNAME, CALL_GETHOSTBYNAME2 };

struct event {
  __u64 time;     /* when it was called, ns of the monotonic clock */
  __u64 duration; /* ns until it was done */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __s32 result; /* what getaddrinfo() returned; 0 or -1 of the other functions */
  __u8 call;    /* enum call_kind */
  char comm[16];
  char host[256]; /* longer ones are no names: RFC 1035 */
};

struct call {
  __u64 time;
  __u64 host;
};

#include "../opensnoop/calls.bpf.h"

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

static __always_inline int enter(const void* host) {
  if (!filter_current()) return 0;
  struct call call = {.time = bpf_ktime_get_ns(), .host = (__u64)host};
  return call_begins(&call);
}

static __always_inline void send(const struct call* call, enum call_kind kind, __s32 result) {
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return;
  __u64 id = bpf_get_current_pid_tgid();
  event->time = call->time;
  event->duration = bpf_ktime_get_ns() - call->time;
  event->pid = id >> 32;
  event->tid = id;
  event->uid = bpf_get_current_uid_gid();
  event->result = result;
  event->call = kind;
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  /* None is given for this machine's own addresses. */
  event->host[0] = 0;
  bpf_probe_read_user_str(event->host, sizeof(event->host), (void*)call->host);
  ringbuf_submit(event, 0);
}

static __always_inline int leave(enum call_kind kind, __s32 result) {
  struct call* call = call_under_way();
  if (!call) return 0;
  send(call, kind, result);
  return call_ends();
}

SEC("uprobe")
int BPF_UPROBE(enter_getaddrinfo, const char* host) {
  return enter(host);
}

SEC("uretprobe")
int BPF_URETPROBE(leave_getaddrinfo, int result) {
  return leave(CALL_GETADDRINFO, result);
}

SEC("uprobe")
int BPF_UPROBE(enter_gethostbyname, const char* host) {
  return enter(host);
}

SEC("uretprobe")
int BPF_URETPROBE(leave_gethostbyname, const void* found) {
  return leave(CALL_GETHOSTBYNAME, found ? 0 : -1);
}

SEC("uprobe")
int BPF_UPROBE(enter_gethostbyname2, const char* host) {
  return enter(host);
}

SEC("uretprobe")
int BPF_URETPROBE(leave_gethostbyname2, const void* found) {
  return leave(CALL_GETHOSTBYNAME2, found ? 0 : -1);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
