// SPDX-License-Identifier: MIT
// Every execve and execveat with its arguments and its result.
//
// The arguments are read when the call starts, for a successful one replaces the memory they are in. They
// wait in `pending` until it is known how the call ended. Process ids are the global ones, not those of a pid
// namespace.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <libbpf-ts/filter.bpf.h>

#define ARGS_MAX 128   /* arguments whose text is kept */
#define COUNT_MAX 256  /* arguments that are counted */
#define ARG_SIZE 1024  /* bytes kept of one argument, with its NUL */
#define TEXT_SIZE 8000 /* bytes kept of all; with `struct execution` just below two pages */
#define CALLEE_SIZE (TEXT_SIZE - ARG_SIZE) /* bytes kept of all arguments when the new program has them */
#define COMM_SIZE 16

/* One call. `args` is as long as what was read: the path, then the arguments, each ending in a NUL. */
struct event {
  __u64 time;     /* when it was called, ns of the monotonic clock */
  __u64 duration; /* ns until it was done */
  __u32 pid;
  __u32 ppid;
  __u32 uid;
  __s32 retval;     /* 0, or a negative errno */
  __u32 args_count; /* all arguments, also those that are not in `args`; of a failed call up to COUNT_MAX */
  bool at;          /* execveat */
  bool truncated;   /* `args` lacks arguments or ends of arguments */
  bool unreadable;  /* an argument was not in memory, and is empty in `args` */
  bool interpreted; /* `args` are those given to the interpreter of a script */
  char comm[COMM_SIZE]; /* the new name of the process; of a failed call the caller's */
  __u8 args[];
};

/* Filters, checked as early as what they need is known. */
const volatile __u32 target_pid = 0;    /* only this process; 0: any */
const volatile __u32 tree_root = 0;     /* only this process and what descends from it; 0: any */
const volatile bool filter_uid = false; /* only the user `target_uid` */
const volatile __u32 target_uid = 0;
const volatile __u32 target_tid = 0;      /* only this thread, by its number before the call; 0: any */
const volatile __u64 target_cgroup = 0;   /* only this cgroup and those below; 0: any */
const volatile char name[COMM_SIZE] = {}; /* only processes whose `comm` starts with this */
const volatile bool name_whole = false;   /* `comm` has nothing behind `name` */
const volatile bool failures_only = false;

/* Events that were sent, events for which there was no room, processes that `tree` had no room for. */
__u64 sent = 0;
__u64 dropped = 0;
__u64 untracked = 0;

/* A call under way. Behind it lie TEXT_SIZE bytes for `event.args`. */
struct execution {
  __u64 path; /* the caller's pointers, for a second look */
  __u64 argv;
  __u64 size; /* bytes used of `event.args` */
  struct event event;
};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 20);
  __type(value, struct event);
} events SEC(".maps");

/* Calls under way, by the task's address: the id of a thread that executes changes, its address stays. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 1024);
  __type(key, __u64);
  __uint(value_size, sizeof(struct execution) + TEXT_SIZE);
} pending SEC(".maps");

/* Where an execution is put together; too big for the stack. */
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __uint(value_size, sizeof(struct execution) + TEXT_SIZE);
} scratch SEC(".maps");

/* Living descendants of `tree_root`, by process id. Forks fill it, so the death of a parent changes nothing.
 */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, __u32);
  __type(value, __u8);
} tree SEC(".maps");

/* Relaxed, for without a wish for order any clang emits an instruction that Linux 5.10 knows. */
static __always_inline void increment(__u64* counter) {
  __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static __always_inline bool in_tree(__u32 pid) {
  return pid == tree_root || bpf_map_lookup_elem(&tree, &pid);
}

static __always_inline bool wanted_caller(void) {
  __u64 id = bpf_get_current_pid_tgid();
  __u32 pid = id >> 32;

  if (target_pid && pid != target_pid) return false;
  if (target_tid && (__u32)id != target_tid) return false;
  if (filter_uid && (__u32)bpf_get_current_uid_gid() != target_uid) return false;
  if (tree_root && !in_tree(pid)) return false;
  return !target_cgroup || filter_is_below(target_cgroup);
}

static __always_inline bool wanted_result(const struct event* event) {
  if (failures_only && event->retval >= 0) return false;
  for (int i = 0; i < COMM_SIZE; i++) {
    if (!name[i]) return !name_whole || !event->comm[i];
    if (event->comm[i] != name[i]) return false;
  }
  return true;
}

/* Adds the string at `from` to the text. */
static __always_inline void add_string(struct execution* x, __u64 from) {
  __u64 at = x->size;
  char last = 0;
  long length;

  if (at >= TEXT_SIZE - ARG_SIZE) {
    x->event.truncated = true;
    return;
  }
  length = bpf_probe_read_user_str(&x->event.args[at], ARG_SIZE, (void*)from);
  if (length <= 0) {
    x->event.args[at] = 0;
    x->size = at + 1;
    /* Linux 6.12, and what is older, counts no NUL where the string is empty. */
    if (length < 0) x->event.unreadable = true;
    return;
  }
  if (length == ARG_SIZE) {
    bpf_probe_read_user(&last, 1, (char*)from + ARG_SIZE - 1);
    if (last) x->event.truncated = true;
  }
  x->size = at + length;
}

/* The argument at `index`, or 0 behind the last one. */
static __always_inline __u64 argument(struct execution* x, __u32 index) {
  __u64 from = 0;

  /* No argv at all is allowed, and means no arguments. */
  if (x->argv && bpf_probe_read_user(&from, sizeof(from), (void*)(x->argv + index * sizeof(from))))
    x->event.unreadable = true;
  return from;
}

/* Reads path and arguments from the caller's memory. */
static __noinline int read_caller(struct execution* x) {
  __u32 count;
  __u64 from;

  x->size = 0;
  x->event.truncated = false;
  x->event.unreadable = false;
  add_string(x, x->path);
  for (count = 0; count < ARGS_MAX; count++) {
    from = argument(x, count);
    if (!from) break;
    add_string(x, from);
  }
  if (count == ARGS_MAX) {
    while (count < COUNT_MAX && argument(x, count)) count++;
    if (count > ARGS_MAX) x->event.truncated = true;
  }
  x->event.args_count = count;
  return 0;
}

static __always_inline int enter(__u64 path, __u64 argv, bool at) {
  __u64 task = bpf_get_current_task();
  __u32 zero = 0;
  struct execution* x;

  if (!wanted_caller()) return 0;
  x = bpf_map_lookup_elem(&scratch, &zero);
  if (!x) return 0;
  x->path = path;
  x->argv = argv;
  x->event.time = bpf_ktime_get_ns();
  x->event.at = at;
  x->event.interpreted = false;
  read_caller(x);
  if (bpf_map_update_elem(&pending, &task, x, BPF_ANY)) increment(&dropped);
  return 0;
}

SEC("tracepoint/syscalls/sys_enter_execve")
int enter_execve(struct trace_event_raw_sys_enter* ctx) {
  return enter(ctx->args[0], ctx->args[1], false);
}

SEC("tracepoint/syscalls/sys_enter_execveat")
int enter_execveat(struct trace_event_raw_sys_enter* ctx) {
  return enter(ctx->args[1], ctx->args[2], true);
}

/* Says how the call ended, sends the event, and forgets it. */
static __noinline int finish(struct execution* x, __s32 retval) {
  struct task_struct* task = (void*)bpf_get_current_task();
  __u64 key = (__u64)task;
  __u64 size = x->size;

  if (size > TEXT_SIZE) return 0;
  x->event.retval = retval;
  x->event.duration = bpf_ktime_get_ns() - x->event.time;
  x->event.pid = bpf_get_current_pid_tgid() >> 32;
  x->event.ppid = BPF_CORE_READ(task, real_parent, tgid);
  x->event.uid = bpf_get_current_uid_gid();
  bpf_get_current_comm(x->event.comm, sizeof(x->event.comm));
  if (wanted_result(&x->event))
    increment(bpf_ringbuf_output(&events, &x->event, sizeof(x->event) + size, 0) ? &dropped : &sent);
  bpf_map_delete_elem(&pending, &key);
  return 0;
}

static __always_inline struct execution* pending_execution(void) {
  __u64 task = bpf_get_current_task();

  return bpf_map_lookup_elem(&pending, &task);
}

/* A call that succeeds ends in sched_process_exec; what is still pending here failed. */
static __always_inline int finish_failed(long retval) {
  struct execution* x = pending_execution();

  if (!x) return 0;
  /* By now the kernel may have brought in what was not in memory before. */
  if (x->event.unreadable) read_caller(x);
  return finish(x, (__s32)retval);
}

SEC("tracepoint/syscalls/sys_exit_execve")
int exit_execve(struct trace_event_raw_sys_exit* ctx) {
  return finish_failed(ctx->ret);
}

SEC("tracepoint/syscalls/sys_exit_execveat")
int exit_execveat(struct trace_event_raw_sys_exit* ctx) {
  return finish_failed(ctx->ret);
}

/* Reads path and arguments from where the kernel has put them for the new program. */
static __always_inline void read_callee(struct execution* x, struct task_struct* task,
                                        struct linux_binprm* bprm) {
  __u64 start = BPF_CORE_READ(task, mm, arg_start);
  __u64 size = BPF_CORE_READ(task, mm, arg_end) - start;
  __u32 argc = BPF_CORE_READ(bprm, argc);
  __u32 asked = x->event.args_count;
  long path;

  path = bpf_probe_read_kernel_str(x->event.args, ARG_SIZE, BPF_CORE_READ(bprm, filename));
  if (path < 0 || path > ARG_SIZE) return;
  x->event.truncated = size > CALLEE_SIZE || path == ARG_SIZE;
  if (size > CALLEE_SIZE) size = CALLEE_SIZE;
  if (bpf_probe_read_user(&x->event.args[path], size, (void*)start)) return;
  x->size = path + size;
  x->event.unreadable = false;
  /* The first line of a script brings arguments of its own. From no argument the kernel itself makes one. */
  x->event.interpreted = asked && asked < COUNT_MAX && argc != asked;
  x->event.args_count = argc;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(execed, struct task_struct* task, int old_pid, struct linux_binprm* bprm) {
  struct execution* x = pending_execution();

  if (!x) return 0;
  if (x->event.unreadable)
    read_callee(x, task, bprm);
  else if (x->event.args_count == COUNT_MAX)
    x->event.args_count = BPF_CORE_READ(bprm, argc);
  return finish(x, 0);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(forked, struct task_struct* parent, struct task_struct* child) {
  __u32 pid = BPF_CORE_READ(child, tgid);
  __u32 from = BPF_CORE_READ(parent, tgid);
  __u8 alive = 1;

  if (!tree_root || pid == from || !in_tree(from)) return 0;
  if (bpf_map_update_elem(&tree, &pid, &alive, BPF_ANY)) increment(&untracked);
  return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(exited, struct task_struct* task) {
  __u64 key = (__u64)task;
  __u32 pid = BPF_CORE_READ(task, tgid);

  bpf_map_delete_elem(&pending, &key);
  if (tree_root && BPF_CORE_READ(task, signal, live.counter) == 0) bpf_map_delete_elem(&tree, &pid);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
