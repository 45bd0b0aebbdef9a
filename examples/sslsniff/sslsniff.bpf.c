// SPDX-License-Identifier: MIT
// What programs read and write by OpenSSL, before it is encrypted and after it
// was decrypted.
//
// What a call was given waits in `calls` until it ends: only then it is known
// how much was read.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

#define DATA_SIZE 16384 /* a record of TLS has no more: RFC 8446 */

struct event {
  __u64 time;       /* when it was called, ns of the monotonic clock */
  __u64 duration;   /* ns until it was done */
  __u64 connection; /* the address of what OpenSSL calls SSL */
  __u64 bytes;      /* all that was read or written */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __u32 is_write;
  char comm[16];
  __u8 data[]; /* as long as it is, DATA_SIZE at the most */
};
_Static_assert(sizeof(struct event) == __builtin_offsetof(struct event, data), "data follow at once");

struct call {
  __u64 time;
  __u64 connection;
  __u64 buffer;
  __u64 length; /* where the number of bytes is written; 0 where it is the
                   result */
};

#include "../opensnoop/calls.bpf.h"

const volatile __u32 most = 256; /* bytes that are kept */

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 4 << 20);

/* Where an event is put together; too big for the stack. */
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __uint(value_size, sizeof(struct event) + DATA_SIZE);
} scratch SEC(".maps");

static __always_inline int enter(const void* connection, const void* buffer, const void* length) {
  if (!filter_current()) return 0;
  struct call call = {.time = bpf_ktime_get_ns(),
                      .connection = (__u64)connection,
                      .buffer = (__u64)buffer,
                      .length = (__u64)length};
  return call_begins(&call);
}

static __always_inline void send(const struct call* call, __u64 bytes, bool is_write) {
  __u32 zero = 0;
  struct event* event = bpf_map_lookup_elem(&scratch, &zero);
  if (!event) return;
  __u64 id = bpf_get_current_pid_tgid();
  event->time = call->time;
  event->duration = bpf_ktime_get_ns() - call->time;
  event->connection = call->connection;
  event->pid = id >> 32;
  event->tid = id;
  event->uid = bpf_get_current_uid_gid();
  event->bytes = bytes;
  event->is_write = is_write;
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  __u32 kept = bytes < most ? bytes : most;
  if (kept > DATA_SIZE) kept = DATA_SIZE;
  if (bpf_probe_read_user(event + 1, kept, (void*)call->buffer)) kept = 0;
  ringbuf_output(events, event, sizeof(*event) + kept, 0);
}

/* The functions that end in `_ex` give 1 where they worked, and the number of
 * bytes elsewhere. */
static __always_inline int leave(int result, bool is_write) {
  struct call* call = call_under_way();
  if (!call) return 0;
  __u64 bytes = result > 0 ? result : 0;
  if (bytes && call->length && bpf_probe_read_user(&bytes, sizeof(bytes), (void*)call->length)) bytes = 0;
  if (bytes) send(call, bytes, is_write);
  return call_ends();
}

SEC("uprobe")
int BPF_UPROBE(enter_read, const void* connection, const void* buffer) {
  return enter(connection, buffer, 0);
}

SEC("uretprobe")
int BPF_URETPROBE(leave_read, int result) {
  return leave(result, false);
}

SEC("uprobe")
int BPF_UPROBE(enter_read_ex, const void* connection, const void* buffer, __u64 size, const void* length) {
  return enter(connection, buffer, length);
}

SEC("uretprobe")
int BPF_URETPROBE(leave_read_ex, int result) {
  return leave(result, false);
}

SEC("uprobe")
int BPF_UPROBE(enter_write, const void* connection, const void* buffer) {
  return enter(connection, buffer, 0);
}

SEC("uretprobe")
int BPF_URETPROBE(leave_write, int result) {
  return leave(result, true);
}

SEC("uprobe")
int BPF_UPROBE(enter_write_ex, const void* connection, const void* buffer, __u64 size, const void* length) {
  return enter(connection, buffer, length);
}

SEC("uretprobe")
int BPF_URETPROBE(leave_write_ex, int result) {
  return leave(result, true);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
