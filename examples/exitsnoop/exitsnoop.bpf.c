// SPDX-License-Identifier: MIT
// Every process, or every thread, that ends: how old it was, and by what it ended.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

struct event {
  __u64 time;     /* when it ended, ns of the monotonic clock */
  __u64 duration; /* ns since it was started */
  __u32 pid;
  __u32 tid;
  __u32 ppid;
  __u32 uid;
  __u32 code; /* as wait(2) has it: the exit code in the second byte, the signal in the lowest seven bits */
  char comm[16];
};

/* The members that are read. */
struct task_struct___exit {
  int pid;
  int tgid;
  int exit_code;
  __u64 start_time;
  struct task_struct___exit* real_parent;
} __attribute__((preserve_access_index));

const volatile bool threads = false;
const volatile bool failures_only = false;

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

SEC("tp/sched/sched_process_exit")
int exited(void* ctx) {
  if (!filter_current()) return 0;
  struct task_struct___exit* task = (void*)bpf_get_current_task();
  __u64 id = bpf_get_current_pid_tgid();
  /* The thread that a process began with may end before others: the last one to go ends the process. */
  if (!threads && BPF_CORE_READ((struct task_struct___filter*)task, signal, live.counter) != 0) return 0;
  __u32 code = BPF_CORE_READ(task, exit_code);
  if (failures_only && code == 0) return 0;
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return 0;
  event->time = bpf_ktime_get_ns();
  event->duration = event->time - BPF_CORE_READ(task, start_time);
  event->pid = id >> 32;
  event->tid = id;
  event->ppid = BPF_CORE_READ(task, real_parent, tgid);
  event->uid = bpf_get_current_uid_gid();
  event->code = code;
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  ringbuf_submit(event, 0);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
