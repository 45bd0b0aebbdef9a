// Whose doings a program looks at, chosen when it is loaded: a process, a process with its children, or a
// cgroup.
//
//   FILTER_SELF();
//
//   SEC("tp/syscalls/sys_enter_openat")
//   int opened(void* ctx) {
//     if (!filter_self()) return 0;
//
// In TypeScript, load({ rodata: { filter_pid: process.pid } }), or filter_tree, or filter_cgroup: cgroupId().
// Without any of them it is the whole machine. Process ids are the global ones: in a container take the
// cgroup.
#pragma once

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define FILTER_SELF()                                                           \
  const volatile __u32 filter_pid = 0;    /* this process */                    \
  const volatile __u32 filter_tree = 0;   /* it and its descendants */          \
  const volatile __u64 filter_cgroup = 0; /* a cgroup and those below */        \
  static __always_inline _Bool filter_self(void) {                              \
    if (filter_pid && bpf_get_current_pid_tgid() >> 32 != filter_pid) return 0; \
    if (filter_tree && !filter_descends(filter_tree)) return 0;                 \
    return !filter_cgroup || filter_is_below(filter_cgroup);                    \
  }                                                                             \
  static _Bool filter_self(void)

// The members that are read of the kernel's types: libbpf ignores a type's name from three underscores on
// (bpf_core_essential_name_len() in relo_core.c).
struct kernfs_node___filter {
  __u64 id;
} __attribute__((preserve_access_index));

struct cgroup___filter {
  struct kernfs_node___filter* kn;
  int level;
  __u64 ancestor_ids[1];                 // until Linux 6.0, flexible
  struct cgroup___filter* ancestors[1];  // from Linux 6.1 on, flexible
} __attribute__((preserve_access_index));

struct css_set___filter {
  struct cgroup___filter* dfl_cgrp;
} __attribute__((preserve_access_index));

struct kuid___filter {
  __u32 val;
} __attribute__((preserve_access_index));

struct cred___filter {
  struct kuid___filter uid;
} __attribute__((preserve_access_index));

struct atomic___filter {
  int counter;
};

struct signal_struct___filter {
  struct atomic___filter live;
} __attribute__((preserve_access_index));

struct task_struct___filter {
  int pid;
  int tgid;
  struct task_struct___filter* real_parent;
  struct css_set___filter* cgroups;
  struct cred___filter* cred;
  struct signal_struct___filter* signal;
  char comm[16];
} __attribute__((preserve_access_index));

// Whether the running process is `root`, or a descendant at most 32 generations below. One whose parent has
// ended belongs to another one from then on.
static __always_inline _Bool filter_descends(__u32 root) {
  struct task_struct___filter* task = (void*)bpf_get_current_task();
  for (int generation = 0; generation < 32; generation++) {
    __u32 pid = BPF_CORE_READ(task, tgid);
    if (pid == root) return 1;
    if (pid <= 1) return 0;
    task = BPF_CORE_READ(task, real_parent);
  }
  return 0;
}

// The id of a cgroup's ancestor at a level; of level 0, the root's.
static __always_inline __u64 filter_ancestor(struct cgroup___filter* cgroup, int level) {
  if (bpf_core_field_exists(cgroup->ancestor_ids)) {
    __u64 id = 0;
    bpf_probe_read_kernel(&id, sizeof(id),
                          (void*)cgroup + bpf_core_field_offset(cgroup->ancestor_ids) + level * sizeof(id));
    return id;
  }
  struct cgroup___filter* ancestor = 0;
  bpf_probe_read_kernel(&ancestor, sizeof(ancestor),
                        (void*)cgroup + bpf_core_field_offset(cgroup->ancestors) + level * sizeof(ancestor));
  return BPF_CORE_READ(ancestor, kn, id);
}

// Whether a cgroup is this one, or lies at most 32 levels below the root and below it.
static __always_inline _Bool filter_cgroup_is_below(struct cgroup___filter* cgroup, __u64 id) {
  int last = BPF_CORE_READ(cgroup, level);
  for (int level = 0; level < 32 && level <= last; level++)
    if (filter_ancestor(cgroup, level) == id) return 1;
  return 0;
}

// Whether a process is in the cgroup, or in one below.
static __always_inline _Bool filter_task_is_below(struct task_struct___filter* task, __u64 id) {
  return filter_cgroup_is_below(BPF_CORE_READ(task, cgroups, dfl_cgrp), id);
}

static __always_inline _Bool filter_is_below(__u64 id) {
  return filter_task_is_below((void*)bpf_get_current_task(), id);
}
