// Which threads a tool looks at, chosen when it is loaded: by thread, process, user, name, cgroup, or as what
// descends from a process. A filter that is not given costs nothing: the verifier leaves it out.
//
//   FILTER_TASKS();
//
//   SEC("tp/syscalls/sys_enter_openat")
//   int opened(void* ctx) {
//     if (!filter_current()) return 0;
//
// In TypeScript, `libbpf-ts/tool` makes the constants of the options -p, -t, -u, -n, --cgroup and of a
// command: load({ rodata: session.filters }). Ids are the global ones, not those of a container.
#pragma once

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "filter.bpf.h"

#define FILTER_COMM_SIZE 16

// The constants, the map of the processes of a tree, and the two programs that fill it, which run only where
// they are attached.
#define FILTER_TASKS()                                                                                       \
  const volatile __u32 filter_pid = 0;                                                                       \
  const volatile __u32 filter_tid = 0;                                                                       \
  const volatile __u32 filter_uid = -1;                                                                      \
  const volatile char filter_comm[FILTER_COMM_SIZE] = {};                                                    \
  const volatile __u32 filter_comm_size = 0; /* bytes of it that are compared */                             \
  const volatile __u64 filter_cgroup = 0;    /* it, and those below */                                       \
  const volatile __u32 filter_tree = 0;      /* children of this process, and their children */              \
  __u64 filter_untracked = 0;                /* processes that found no room in the map */                   \
  struct {                                                                                                   \
    __uint(type, BPF_MAP_TYPE_HASH);                                                                         \
    __uint(map_flags, BPF_F_NO_PREALLOC);                                                                    \
    __uint(max_entries, 65536);                                                                              \
    __type(key, __u32);                                                                                      \
    __type(value, __u8);                                                                                     \
  } filter_processes SEC(".maps");                                                                           \
                                                                                                             \
  SEC("raw_tp")                                                                                              \
  int filter_forked(struct bpf_raw_tracepoint_args* ctx) {                                                   \
    __u32 parent = filter_tgid_of((void*)ctx->args[0]), child = filter_tgid_of((void*)ctx->args[1]);         \
    __u8 one = 1;                                                                                            \
    if (parent == child) return 0; /* a thread */                                                            \
    if (parent != filter_tree && !bpf_map_lookup_elem(&filter_processes, &parent)) return 0;                 \
    if (bpf_map_update_elem(&filter_processes, &child, &one, BPF_ANY))                                       \
      __atomic_fetch_add(&filter_untracked, 1, __ATOMIC_RELAXED);                                            \
    return 0;                                                                                                \
  }                                                                                                          \
                                                                                                             \
  SEC("raw_tp")                                                                                              \
  int filter_exited(struct bpf_raw_tracepoint_args* ctx) {                                                   \
    struct task_struct___filter* task = (void*)ctx->args[0];                                                 \
    __u32 pid = filter_tgid_of(task);                                                                        \
    if (BPF_CORE_READ(task, signal, live.counter) == 0) bpf_map_delete_elem(&filter_processes, &pid);        \
    return 0;                                                                                                \
  }                                                                                                          \
                                                                                                             \
  /* Whether any filter is given. */                                                                         \
  static __always_inline __attribute__((unused)) _Bool filter_is_given(void) {                               \
    return filter_pid || filter_tid || filter_uid != (__u32)-1 || filter_comm_size || filter_cgroup ||       \
           filter_tree;                                                                                      \
  }                                                                                                          \
                                                                                                             \
  /* Whether the running thread is wanted. */                                                                \
  static __always_inline __attribute__((unused)) _Bool filter_current(void) {                                \
    __u64 id = bpf_get_current_pid_tgid();                                                                   \
    __u32 pid = id >> 32;                                                                                    \
    if (filter_pid && pid != filter_pid) return 0;                                                           \
    if (filter_tid && (__u32)id != filter_tid) return 0;                                                     \
    if (filter_uid != (__u32)-1 && (__u32)bpf_get_current_uid_gid() != filter_uid) return 0;                 \
    if (filter_comm_size) {                                                                                  \
      char comm[FILTER_COMM_SIZE];                                                                           \
      bpf_get_current_comm(comm, sizeof(comm));                                                              \
      if (!filter_is_named(comm, filter_comm, filter_comm_size)) return 0;                                   \
    }                                                                                                        \
    if (filter_tree && !bpf_map_lookup_elem(&filter_processes, &pid)) return 0;                              \
    return !filter_cgroup || filter_is_below(filter_cgroup);                                                 \
  }                                                                                                          \
                                                                                                             \
  /* Whether another thread is: an argument of a tp_btf or fentry program, which needs no helper to be read. \
   */                                                                                                        \
  static __always_inline __attribute__((unused)) _Bool filter_task(void* other) {                            \
    struct task_struct___filter* task = other;                                                               \
    __u32 pid = filter_pid || filter_tree ? task->tgid : 0;                                                  \
    if (filter_pid && pid != filter_pid) return 0;                                                           \
    if (filter_tid && (__u32)task->pid != filter_tid) return 0;                                              \
    if (filter_uid != (__u32)-1 && task->cred->uid.val != filter_uid) return 0;                              \
    if (filter_comm_size) {                                                                                  \
      char comm[FILTER_COMM_SIZE] = {};                                                                      \
      bpf_probe_read_kernel_str(comm, sizeof(comm), task->comm);                                             \
      if (!filter_is_named(comm, filter_comm, filter_comm_size)) return 0;                                   \
    }                                                                                                        \
    if (filter_tree && !bpf_map_lookup_elem(&filter_processes, &pid)) return 0;                              \
    return !filter_cgroup || filter_task_is_below(task, filter_cgroup);                                      \
  }                                                                                                          \
  static _Bool filter_current(void)

static __always_inline __u32 filter_tgid_of(struct task_struct___filter* task) {
  return BPF_CORE_READ(task, tgid);
}

// Whether the first `size` bytes are the same: with the NUL behind it, that is a whole name.
static __always_inline _Bool filter_is_named(const char* comm, const volatile char* wanted, __u32 size) {
  for (__u32 i = 0; i < FILTER_COMM_SIZE && i < size; i++)
    if (comm[i] != wanted[i]) return 0;
  return 1;
}
