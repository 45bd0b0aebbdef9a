// SPDX-License-Identifier: MIT
// Every system call that changes what is mounted, with the result.
//
// What a call was given waits in `calls` until it ends: the kernel has brought the texts into memory by then.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

enum call_kind {
  CALL_MOUNT,
  CALL_UMOUNT,
  CALL_PIVOT_ROOT,
  CALL_MOVE_MOUNT,
  CALL_FSOPEN,
  CALL_FSPICK,
  CALL_FSCONFIG,
  CALL_FSMOUNT,
  CALL_OPEN_TREE,
  CALL_MOUNT_SETATTR,
};

/* One call. `path` is the path that it is about, then the names of the directories that it begins at, the
 * last one first, each ending in a NUL. */
struct event {
  __u64 time;     /* when it was called, ns of the monotonic clock */
  __u64 duration; /* ns until it was done */
  __u64 flags;
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __u32 namespace; /* the number of the mount namespace */
  __s32 result;    /* 0 or a descriptor, or a negative errno */
  __s32 fd;        /* what is configured or mounted; -1 where there is none */
  __u32 command;   /* of fsconfig */
  __u8 call;       /* enum call_kind */
  bool has_path;
  bool truncated; /* a text, or names, are missing */
  char comm[16];
  char type[65];
  char source[512];
  char options[512]; /* of fsconfig, a key */
  char value[512];   /* of fsconfig */
  __u8 path[];       /* as long as it is */
};
_Static_assert(sizeof(struct event) == __builtin_offsetof(struct event, path), "the path follows at once");

/* What a call was given; 0 and -1 for what it has not. */
struct call {
  __u64 time;
  __u64 source;
  __u64 type;
  __u64 options;
  __u64 value;
  __u64 path;
  __u64 flags;
  __s32 directory;
  __s32 fd;
  __u32 command;
  __u32 kind;
};

#include "../opensnoop/calls.bpf.h"

/* The members that are read. */
struct ns_common___mounts {
  unsigned int inum;
} __attribute__((preserve_access_index));

struct mnt_namespace___mounts {
  struct ns_common___mounts ns;
} __attribute__((preserve_access_index));

struct nsproxy___mounts {
  struct mnt_namespace___mounts* mnt_ns;
} __attribute__((preserve_access_index));

struct task_struct___mounts {
  struct nsproxy___mounts* nsproxy;
} __attribute__((preserve_access_index));

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

static __noinline int enter(struct call* call) {
  if (!call || !filter_current()) return 0;
  call->time = bpf_ktime_get_ns();
  return call_begins(call);
}

/* Whether the text is whole. */
static __always_inline bool read_text(char* text, __u32 size, __u64 from) {
  text[0] = 0;
  return !from || bpf_probe_read_user_str(text, size, (void*)from) < size;
}

static __always_inline __u32 read_path(struct event* event, const struct call* call) {
  char* text = (char*)(event + 1);
  event->has_path = call->path != 0;
  if (!call->path) return 0;
  long length = bpf_probe_read_user_str(text, PATH_TEXT_SIZE / 2, (void*)call->path);
  if (length <= 0) {
    text[0] = 0;
    length = 1;
  }
  __u32 end = path_add_base(text, length, call->directory, text[0] != '/');
  if (end & PATH_TRUNCATED) event->truncated = true;
  return end & ~PATH_TRUNCATED;
}

static __always_inline void identify(struct event* event) {
  struct task_struct___mounts* task = (void*)bpf_get_current_task();
  __u64 id = bpf_get_current_pid_tgid();
  event->pid = id >> 32;
  event->tid = id;
  event->uid = bpf_get_current_uid_gid();
  event->namespace = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
  bpf_get_current_comm(event->comm, sizeof(event->comm));
}

static __always_inline void send(const struct call* call, __s32 result) {
  __u32 zero = 0;
  struct event* event = bpf_map_lookup_elem(&scratch, &zero);
  if (!event) return;
  event->time = call->time;
  event->duration = bpf_ktime_get_ns() - call->time;
  event->flags = call->flags;
  event->result = result;
  event->fd = call->fd;
  event->command = call->command;
  event->call = call->kind;
  identify(event);
  bool whole = read_text(event->type, sizeof(event->type), call->type);
  whole &= read_text(event->source, sizeof(event->source), call->source);
  whole &= read_text(event->options, sizeof(event->options), call->options);
  whole &= read_text(event->value, sizeof(event->value), call->value);
  event->truncated = !whole;
  __u32 end = read_path(event, call);
  if (end <= PATH_TEXT_SIZE) ringbuf_output(events, event, sizeof(*event) + end, 0);
}

static __noinline int leave(__s64 result) {
  struct call* call = call_under_way();
  if (!call) return 0;
  if (!failures_only || result < 0) send(call, result);
  return call_ends();
}

/* The two programs of a call; `...` is what it was given. */
#define MOUNT_CALL(name, call_kind, at, of, ...)                                    \
  SEC("tracepoint/syscalls/sys_enter_" #name)                                       \
  int enter_##name(struct trace_event_raw_sys_enter* ctx) {                         \
    struct call call = {.kind = call_kind, .directory = at, .fd = of, __VA_ARGS__}; \
    return enter(&call);                                                            \
  }                                                                                 \
  SEC("tracepoint/syscalls/sys_exit_" #name)                                        \
  int leave_##name(struct trace_event_raw_sys_exit* ctx) { return leave(ctx->ret); }

#define HERE PATH_WORKING_DIRECTORY
#define NO_FD (-1)

MOUNT_CALL(mount, CALL_MOUNT, HERE, NO_FD, .source = ctx->args[0], .path = ctx->args[1], .type = ctx->args[2],
           .flags = ctx->args[3], .options = ctx->args[4])
MOUNT_CALL(umount, CALL_UMOUNT, HERE, NO_FD, .path = ctx->args[0], .flags = (__u32)ctx->args[1])
MOUNT_CALL(pivot_root, CALL_PIVOT_ROOT, HERE, NO_FD, .path = ctx->args[0], .source = ctx->args[1])
MOUNT_CALL(move_mount, CALL_MOVE_MOUNT, ctx->args[2], ctx->args[0], .source = ctx->args[1],
           .path = ctx->args[3], .flags = (__u32)ctx->args[4])
MOUNT_CALL(fsopen, CALL_FSOPEN, HERE, NO_FD, .type = ctx->args[0], .flags = (__u32)ctx->args[1])
MOUNT_CALL(fspick, CALL_FSPICK, ctx->args[0], NO_FD, .path = ctx->args[1], .flags = (__u32)ctx->args[2])
/* FSCONFIG_SET_STRING in include/uapi/linux/mount.h is 1: of other commands, the value is no text. */
MOUNT_CALL(fsconfig, CALL_FSCONFIG, HERE, ctx->args[0], .command = ctx->args[1], .options = ctx->args[2],
           .value = ctx->args[1] == 1 ? ctx->args[3] : 0)
MOUNT_CALL(fsmount, CALL_FSMOUNT, HERE, ctx->args[0], .flags = (__u32)ctx->args[2])
MOUNT_CALL(open_tree, CALL_OPEN_TREE, ctx->args[0], NO_FD, .path = ctx->args[1], .flags = (__u32)ctx->args[2])
MOUNT_CALL(mount_setattr, CALL_MOUNT_SETATTR, ctx->args[0], NO_FD, .path = ctx->args[1],
           .flags = (__u32)ctx->args[2])

char LICENSE[] SEC("license") = "Dual MIT/GPL";
