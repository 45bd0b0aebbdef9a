// SPDX-License-Identifier: MIT
// Every line that is typed into a shell with readline.
#include "vmlinux.h"
#include <bpf/bpf_tracing.h>
#include <libbpf-ts.bpf.h>

#define LINE_SIZE 4096

struct event {
  __u64 time; /* when it was entered, ns of the monotonic clock */
  __u32 pid;
  __u32 uid;
  bool truncated;
  char comm[16];
  __u8 line[LINE_SIZE]; /* up to a NUL */
};

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 1 << 20);

static __always_inline int entered(const char* line) {
  /* At the end of input there is none. */
  if (!line || !filter_current()) return 0;
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return 0;
  event->time = bpf_ktime_get_ns();
  event->pid = bpf_get_current_pid_tgid() >> 32;
  event->uid = bpf_get_current_uid_gid();
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  event->line[0] = 0;
  event->truncated = bpf_probe_read_user_str(event->line, LINE_SIZE, line) == LINE_SIZE;
  ringbuf_submit(event, 0);
  return 0;
}

/* A shell has readline in itself, or in a library. */
SEC("uretprobe")
int BPF_URETPROBE(entered_in_shell, const char* line) {
  return entered(line);
}

SEC("uretprobe")
int BPF_URETPROBE(entered_in_library, const char* line) {
  return entered(line);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
