// SPDX-License-Identifier: MIT
// System calls that take a path, each with its result.
//
// What a call was given waits in `calls` until it ends: the kernel has brought the path into memory by then.
#pragma once

/* One call. The text is the path, then the names of the directories that it begins at, the last one first,
 * each ending in a NUL. */
struct event {
  __u64 time;     /* when it was called, ns of the monotonic clock */
  __u64 duration; /* ns until it was done */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __s32 result; /* a descriptor, or a negative errno */
  __u32 flags;
  __u16 mode;
  bool truncated;  /* names are missing in the text */
  bool unreadable; /* the path was not in memory */
  char comm[16];
  __u8 text[]; /* as long as it is */
};

struct call {
  __u64 time;
  __u64 path;
  __u32 flags;
  __s32 directory;
  __u16 mode;
};

#include "calls.bpf.h"

const volatile bool failures_only = false;

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 1 << 20);

/* Where an event is put together; too big for the stack. */
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __uint(value_size, sizeof(struct event) + PATH_TEXT_SIZE);
} scratch SEC(".maps");

static __noinline int enter(int directory, __u64 path, __u32 flags, __u16 mode) {
  if (!filter_current()) return 0;
  struct call call = {
      .time = bpf_ktime_get_ns(), .path = path, .flags = flags, .mode = mode, .directory = directory};
  return call_begins(&call);
}

static __always_inline void send(const struct call* call, __s32 result) {
  __u32 zero = 0;
  struct event* event = bpf_map_lookup_elem(&scratch, &zero);
  if (!event) return;
  char* text = (char*)(event + 1);
  __u64 id = bpf_get_current_pid_tgid();
  event->time = call->time;
  event->duration = bpf_ktime_get_ns() - call->time;
  event->pid = id >> 32;
  event->tid = id;
  event->uid = bpf_get_current_uid_gid();
  event->result = result;
  event->flags = call->flags;
  event->mode = call->mode;
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  long length = bpf_probe_read_user_str(text, PATH_TEXT_SIZE / 2, (void*)call->path);
  event->unreadable = length < 0;
  if (length <= 0) {
    text[0] = 0;
    length = 1;
  }
  __u32 end = path_add_base(text, length, call->directory, text[0] != '/');
  event->truncated = (end & PATH_TRUNCATED) != 0;
  end &= ~PATH_TRUNCATED;
  if (end <= PATH_TEXT_SIZE) ringbuf_output(events, event, sizeof(*event) + end, 0);
}

static __noinline int leave(__s64 result) {
  struct call* call = call_under_way();
  if (!call) return 0;
  if (!failures_only || result < 0) send(call, result);
  return call_ends();
}
