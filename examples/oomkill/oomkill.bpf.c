// SPDX-License-Identifier: MIT
// Every process that is killed because memory was short.
//
// The tracepoint gives the task since Linux 6.9 and its number alone before, where the function that chooses
// is asked.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

struct event {
  __u64 time; /* ns of the monotonic clock */
  __u32 pid;  /* of the one that is killed */
  __u32 uid;
  __u32 trigger_pid; /* of the one that asked for memory */
  __s32 score_adjustment;
  __u64 total;    /* bytes of its address space */
  __u64 resident; /* bytes that are in memory, as far as CPUs have told of them */
  char comm[16];
  char trigger_comm[16];
};

/* The members that are read. */
struct percpu_counter___oom {
  __s64 count;
} __attribute__((preserve_access_index));

struct mm_struct___oom {
  unsigned long total_vm;
  struct percpu_counter___oom rss_stat[4];
} __attribute__((preserve_access_index));

/* Before Linux 6.2. */
struct atomic64___oom {
  __s64 counter;
} __attribute__((preserve_access_index));

struct mm_rss_stat___oom {
  struct atomic64___oom count[4];
} __attribute__((preserve_access_index));

struct mm_struct___before {
  struct mm_rss_stat___oom rss_stat;
} __attribute__((preserve_access_index));

struct signal_struct___oom {
  short oom_score_adj;
} __attribute__((preserve_access_index));

struct cred___oom {
  struct kuid___filter uid;
} __attribute__((preserve_access_index));

struct task_struct___oom {
  int tgid;
  char comm[16];
  struct cred___oom* cred;
  struct mm_struct___oom* mm;
  struct signal_struct___oom* signal;
} __attribute__((preserve_access_index));

struct oom_control___own {
  struct task_struct___oom* chosen;
} __attribute__((preserve_access_index));

const volatile __u32 page_size = 4096;

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 64 * 1024);

/* Of files, of anonymous memory and of shared memory: MM_FILEPAGES, MM_ANONPAGES, MM_SHMEMPAGES in
 * include/linux/mm_types_task.h. */
static __always_inline __u64 resident_pages(struct mm_struct___oom* mm) {
  if (bpf_core_field_exists(struct mm_struct___before, rss_stat.count)) {
    struct mm_struct___before* before = (void*)mm;
    return BPF_CORE_READ(before, rss_stat.count[0].counter) +
           BPF_CORE_READ(before, rss_stat.count[1].counter) +
           BPF_CORE_READ(before, rss_stat.count[3].counter);
  }
  return BPF_CORE_READ(mm, rss_stat[0].count) + BPF_CORE_READ(mm, rss_stat[1].count) +
         BPF_CORE_READ(mm, rss_stat[3].count);
}

static __noinline int send(struct task_struct___oom* task) {
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return 0;
  struct mm_struct___oom* mm = BPF_CORE_READ(task, mm);
  event->time = bpf_ktime_get_ns();
  event->pid = BPF_CORE_READ(task, tgid);
  event->uid = BPF_CORE_READ(task, cred, uid.val);
  event->trigger_pid = bpf_get_current_pid_tgid() >> 32;
  event->score_adjustment = BPF_CORE_READ(task, signal, oom_score_adj);
  event->total = BPF_CORE_READ(mm, total_vm) * page_size;
  event->resident = resident_pages(mm) * page_size;
  bpf_probe_read_kernel_str(event->comm, sizeof(event->comm), task->comm);
  bpf_get_current_comm(event->trigger_comm, sizeof(event->trigger_comm));
  ringbuf_submit(event, 0);
  return 0;
}

SEC("tp_btf/mark_victim")
int BPF_PROG(marked, struct task_struct___filter* task) {
  return filter_task(task) ? send((void*)task) : 0;
}

SEC("fentry/oom_kill_process")
int BPF_PROG(killing, struct oom_control___own* control) {
  struct task_struct___oom* task = control->chosen;
  return filter_task(task) ? send(task) : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
