// Reads what kernels keep in different places, under different names and in different types: one object for
// all of them.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;  // the only process that asks
const volatile __u32 child_pid = 0;   // its child that is looked at
const volatile __u32 file_fd = 0;     // its file that is looked at

// Moved: every version of Linux has these elsewhere.
__u32 child_tgid;
__u32 child_parent;
char child_comm[16];

// Renamed, and from long to unsigned int, in Linux 5.14.
__u64 child_state;
__u32 state_size;

// Renamed in Linux 6.7; then, in 6.11, taken apart and renamed again.
__s64 modified_seconds;
__s64 modified_nanoseconds;

// Another number in every version.
__u64 dynamic_states;

struct task_struct___before_5_14 {
  long state;
} __attribute__((preserve_access_index));

struct task_struct___now {
  unsigned int __state;
} __attribute__((preserve_access_index));

struct inode___before_6_7 {
  struct timespec64 i_mtime;
} __attribute__((preserve_access_index));

struct inode___before_6_11 {
  struct timespec64 __i_mtime;
} __attribute__((preserve_access_index));

struct inode___now {
  long long i_mtime_sec;
  unsigned int i_mtime_nsec;
} __attribute__((preserve_access_index));

enum cpuhp_state___any {
  CPUHP_AP_ONLINE_DYN___any = 1,
};

static void look_at_state(struct task_struct* task) {
  struct task_struct___before_5_14* old = (void*)task;
  struct task_struct___now* now = (void*)task;
  if (bpf_core_field_exists(now->__state)) {
    child_state = BPF_CORE_READ(now, __state);
    state_size = bpf_core_field_size(now->__state);
  } else {
    child_state = BPF_CORE_READ(old, state);
    state_size = bpf_core_field_size(old->state);
  }
}

static void look_at_time(struct inode* inode) {
  struct inode___before_6_7* oldest = (void*)inode;
  struct inode___before_6_11* old = (void*)inode;
  struct inode___now* now = (void*)inode;
  if (bpf_core_field_exists(now->i_mtime_sec)) {
    modified_seconds = BPF_CORE_READ(now, i_mtime_sec);
    modified_nanoseconds = BPF_CORE_READ(now, i_mtime_nsec);
  } else if (bpf_core_field_exists(old->__i_mtime)) {
    modified_seconds = BPF_CORE_READ(old, __i_mtime.tv_sec);
    modified_nanoseconds = BPF_CORE_READ(old, __i_mtime.tv_nsec);
  } else {
    modified_seconds = BPF_CORE_READ(oldest, i_mtime.tv_sec);
    modified_nanoseconds = BPF_CORE_READ(oldest, i_mtime.tv_nsec);
  }
}

static void look_at_child(struct task_struct* child) {
  child_tgid = BPF_CORE_READ(child, tgid);
  child_parent = BPF_CORE_READ(child, real_parent, tgid);
  BPF_CORE_READ_STR_INTO(&child_comm, child, comm);
  look_at_state(child);
}

static void look_at_children(struct task_struct* task) {
  struct list_head* next = BPF_CORE_READ(task, children.next);
  for (int i = 0; i < 16; i++) {
    struct task_struct* child = (void*)next - bpf_core_field_offset(struct task_struct, sibling);
    if ((__u32)BPF_CORE_READ(child, tgid) == child_pid) {
      look_at_child(child);
      return;
    }
    next = BPF_CORE_READ(child, sibling.next);
  }
}

static void look_at_file(struct task_struct* task) {
  struct file** files = BPF_CORE_READ(task, files, fdt, fd);
  void* file = 0;
  bpf_probe_read_kernel(&file, sizeof(file), files + file_fd);
  look_at_time(BPF_CORE_READ((struct file*)file, f_inode));
}

SEC("raw_tp/sys_enter")
int look(void* ctx) {
  if ((__u32)bpf_get_current_pid_tgid() != target_pid) return 0;
  struct task_struct* task = (void*)bpf_get_current_task();
  look_at_children(task);
  look_at_file(task);
  dynamic_states = bpf_core_enum_value(enum cpuhp_state___any, CPUHP_AP_ONLINE_DYN___any);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
