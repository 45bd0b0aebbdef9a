// SPDX-License-Identifier: MIT
// What processes are besides their number: when they began, whose children they are, what they are called in
// a pid namespace of their own, and which cgroup they are in. Those that have ended stay until others need
// the room, since events speak of them for a while.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

#include "cgroup.bpf.h"

struct identity {
  __u64 started; /* nanoseconds after boot, with time asleep: `start_boottime` */
  __u64 cgroup;  /* the id of the one that it is in */
  __u32 parent;
  __u32 inner_pid;     /* its id in its own pid namespace, */
  __u32 pid_namespace; /* and the inode of that: `readlink /proc/PID/ns/pid` */
  __u32 unused;
};

/* By the id that the first namespace knows a process by. */
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, __u32);
  __type(value, struct identity);
} processes SEC(".maps");

const volatile __u32 only_tree = 0;   /* a process and what descends from it */
const volatile __u64 only_cgroup = 0; /* what is in it, or below */
/* Where cgroups are looked for: 0 in the second version's hierarchy, else the controller's number and one, */
const volatile __u32 hierarchy = 0;
/* and what the kernel numbers that hierarchy by. */
const volatile __s32 hierarchy_id = 0;

/* Processes that found no room. */
__u64 missed = 0;

struct ns_common___identity {
  unsigned int inum;
} __attribute__((preserve_access_index));

struct pid_namespace___identity {
  struct ns_common___identity ns;
} __attribute__((preserve_access_index));

struct upid___identity {
  int nr;
  struct pid_namespace___identity* ns;
} __attribute__((preserve_access_index));

struct pid___identity {
  unsigned int level;
  struct upid___identity numbers[1]; /* flexible since Linux 6.5 */
} __attribute__((preserve_access_index));

struct task_struct___identity {
  int pid;
  int tgid;
  __u64 start_boottime;
  struct task_struct___identity* real_parent;
  struct task_struct___identity* group_leader;
  struct pid___identity* thread_pid;
} __attribute__((preserve_access_index));

struct cgroup_root___identity {
  int hierarchy_id;
} __attribute__((preserve_access_index));

struct cgroup___identity {
  struct cgroup_root___identity* root;
} __attribute__((preserve_access_index));

/* A number is of the namespace at each level; the innermost one is its own (alloc_pid() in kernel/pid.c). */
static __always_inline void read_own_number(struct identity* known, struct task_struct___identity* task) {
  struct pid___identity* pid = BPF_CORE_READ(task, thread_pid);
  __u32 level = BPF_CORE_READ(pid, level);
  struct upid___identity* own = (void*)pid + bpf_core_field_offset(pid->numbers) +
                                (__u64)level * bpf_core_type_size(struct upid___identity);
  known->inner_pid = BPF_CORE_READ(own, nr);
  known->pid_namespace = BPF_CORE_READ(own, ns, ns.inum);
}

static __always_inline int remember(struct task_struct___identity* process, __u64 flags) {
  __u32 pid = BPF_CORE_READ(process, tgid);
  struct identity known = {
      .started = BPF_CORE_READ(process, start_boottime),
      .cgroup = BPF_CORE_READ(cgroup_in(hierarchy, (void*)process), kn, id),
      .parent = BPF_CORE_READ(process, real_parent, tgid),
  };
  read_own_number(&known, process);
  long error = bpf_map_update_elem(&processes, &pid, &known, flags);
  if (error && error != -EEXIST) __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
  return 0;
}

static __always_inline bool is_in_wanted_cgroup(struct task_struct* task) {
  return !only_cgroup || filter_cgroup_is_below(cgroup_in(hierarchy, task), only_cgroup);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(forked, struct task_struct* parent, struct task_struct* child) {
  if (child->pid != child->tgid) return 0; /* a thread */
  __u32 known = parent->tgid;
  if (only_tree && !bpf_map_lookup_elem(&processes, &known)) return 0;
  if (!is_in_wanted_cgroup(child)) return 0;
  return remember((void*)child, BPF_ANY);
}

/* Threads alone move in threaded cgroups: their process stays where it is. */
SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(moved, struct cgroup* to, const char* path, struct task_struct* task, bool with_process) {
  if (BPF_CORE_READ((struct cgroup___identity*)to, root, hierarchy_id) != hierarchy_id) return 0;
  if (!with_process) return 0;
  __u32 pid = task->tgid;
  bool is_known = bpf_map_lookup_elem(&processes, &pid) != 0;
  if (only_tree && !is_known) return 0;
  if (!is_known && !is_in_wanted_cgroup(task)) return 0;
  return remember(BPF_CORE_READ((struct task_struct___identity*)task, group_leader), BPF_ANY);
}

static __always_inline bool descends(struct task_struct___identity* task) {
  for (int generation = 0; generation < 32; generation++) {
    __u32 pid = BPF_CORE_READ(task, tgid);
    if (pid == only_tree) return true;
    if (pid <= 1) return false;
    task = BPF_CORE_READ(task, real_parent);
  }
  return false;
}

/* Those that are there at the start. One that began or moved meanwhile is known better by then. */
SEC("iter/task")
int look(struct bpf_iter__task* ctx) {
  struct task_struct* task = ctx->task;
  if (!task || task->pid != task->tgid) return 0;
  if (only_tree && !descends((void*)task)) return 0;
  if (!is_in_wanted_cgroup(task)) return 0;
  return remember((void*)task, BPF_NOEXIST);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
