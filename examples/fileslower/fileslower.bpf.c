// SPDX-License-Identifier: MIT
// Reads, writes and syncs of regular files that took long, with the file.
//
// Whether a descriptor is of a regular file is looked at when a call begins: most are of pipes and sockets,
// which wait for others.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

enum call_kind { CALL_READ, CALL_WRITE, CALL_SYNC };

/* One call. `path` has nothing, then the names of the file and of the directories above it, the last one
 * first, each ending in a NUL. */
struct event {
  __u64 time;     /* when it was called, ns of the monotonic clock */
  __u64 duration; /* ns until it was done */
  __s64 result;   /* bytes, or a negative errno */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __u8 call;      /* enum call_kind */
  bool truncated; /* names are missing */
  char comm[16];
  __u8 path[]; /* as long as it is */
};

struct call {
  __u64 time;
  __s32 fd;
  __u32 kind;
};

#include "../opensnoop/calls.bpf.h"

/* The members that are read. */
struct inode___slow {
  unsigned short i_mode;
} __attribute__((preserve_access_index));

struct dentry___slow {
  struct inode___slow* d_inode;
} __attribute__((preserve_access_index));

/* S_IFMT and S_IFREG in <linux/stat.h>. */
#define TYPE_MASK 0170000
#define TYPE_REGULAR 0100000

const volatile __u64 minimum = 0; /* nanoseconds */

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 1 << 20);

/* Where an event is put together; too big for the stack. */
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __uint(value_size, sizeof(struct event) + PATH_TEXT_SIZE);
} scratch SEC(".maps");

static __always_inline bool is_regular(__s32 fd) {
  struct dentry___slow* dentry = (void*)path_base(fd, true).dentry;
  return dentry && (BPF_CORE_READ(dentry, d_inode, i_mode) & TYPE_MASK) == TYPE_REGULAR;
}

static __noinline int enter(__s32 fd, __u32 kind) {
  if (!filter_current() || !is_regular(fd)) return 0;
  struct call call = {.time = bpf_ktime_get_ns(), .fd = fd, .kind = kind};
  return call_begins(&call);
}

static __always_inline void send(const struct call* call, __u64 duration, __s64 result) {
  __u32 zero = 0;
  struct event* event = bpf_map_lookup_elem(&scratch, &zero);
  if (!event) return;
  __u64 id = bpf_get_current_pid_tgid();
  event->time = call->time;
  event->duration = duration;
  event->result = result;
  event->pid = id >> 32;
  event->tid = id;
  event->uid = bpf_get_current_uid_gid();
  event->call = call->kind;
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  event->path[0] = 0;
  __u32 end = path_add_base((char*)event->path, 1, call->fd, true);
  event->truncated = (end & PATH_TRUNCATED) != 0;
  end &= ~PATH_TRUNCATED;
  if (end <= PATH_TEXT_SIZE) ringbuf_output(events, event, __builtin_offsetof(struct event, path) + end, 0);
}

static __noinline int leave(__s64 result) {
  struct call* call = call_under_way();
  if (!call) return 0;
  __u64 duration = bpf_ktime_get_ns() - call->time;
  if (duration >= minimum) send(call, duration, result);
  return call_ends();
}

/* The two programs of a call, whose first argument is a descriptor. */
#define FILE_CALL(name, kind)                                                                   \
  SEC("tracepoint/syscalls/sys_enter_" #name)                                                   \
  int enter_##name(struct trace_event_raw_sys_enter* ctx) { return enter(ctx->args[0], kind); } \
  SEC("tracepoint/syscalls/sys_exit_" #name)                                                    \
  int leave_##name(struct trace_event_raw_sys_exit* ctx) { return leave(ctx->ret); }

FILE_CALL(read, CALL_READ)
FILE_CALL(pread64, CALL_READ)
FILE_CALL(readv, CALL_READ)
FILE_CALL(preadv, CALL_READ)
FILE_CALL(preadv2, CALL_READ)
FILE_CALL(write, CALL_WRITE)
FILE_CALL(pwrite64, CALL_WRITE)
FILE_CALL(writev, CALL_WRITE)
FILE_CALL(pwritev, CALL_WRITE)
FILE_CALL(pwritev2, CALL_WRITE)
FILE_CALL(fsync, CALL_SYNC)
FILE_CALL(fdatasync, CALL_SYNC)

char LICENSE[] SEC("license") = "Dual MIT/GPL";
