// Known sequences of events: each getppid(2) of one process writes what the variables below say.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include <libbpf-ts.bpf.h>

const volatile __u32 target_pid = 0;  // the only process that counts
const volatile __u64 watched = 0;     // the number of getppid(2) here

__u32 burst = 1;          // events for each call
__u32 discard_every = 0;  // every so many of them is thrown away; 0: none
__u64 flags = 0;          // of each submit
__u32 size = 0;           // bytes of the sized record that each call writes; 0: events
__u32 mixed = 0;          // true: records of three types instead of events, the third unknown

struct event {
  __u64 time;
  __u64 sequence;  // on its CPU
  __u32 cpu;
  __u32 pid;
  char comm[16];
};

enum kind { KIND_OPENED = 1, KIND_CLOSED, KIND_OTHER };

struct opened {
  enum kind kind;
  __u32 number;
  char name[8];
};

struct closed {
  enum kind kind;
  __s32 error;
};

struct sized {
  __u64 sequence;
  __u8 bytes[];
};

struct largest {
  __u64 sequence;
  __u8 bytes[64 * 1024 - 8];
};

struct opened* unused_opened __attribute__((unused));
struct closed* unused_closed __attribute__((unused));

COUNTED_RINGBUF(events, struct event, 256 * 1024);
COUNTED_RINGBUF(blobs, struct sized, 256 * 1024);
COUNTED_RINGBUF(kinds, struct opened, 64 * 1024);

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct largest);
} pattern SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} sequences SEC(".maps");

static void write_event(__u64* sequence) {
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  __u64 number = (*sequence)++;
  if (!event) return;
  event->time = bpf_ktime_get_ns();
  event->sequence = number;
  event->cpu = bpf_get_smp_processor_id();
  event->pid = bpf_get_current_pid_tgid();
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  if (discard_every && number % discard_every == 0)
    ringbuf_discard(events, event, flags);
  else
    ringbuf_submit(event, flags);
}

static void write_events(void) {
  __u32 zero = 0;
  __u64* sequence = bpf_map_lookup_elem(&sequences, &zero);
  if (!sequence) return;
  for (__u32 i = 0; i < 512; i++) {
    if (i >= burst) break;
    write_event(sequence);
  }
}

static void write_sized(__u32 bytes) {
  __u32 zero = 0;
  struct largest* value = bpf_map_lookup_elem(&pattern, &zero);
  if (!value || bytes > sizeof(*value)) return;
  value->sequence++;
  ringbuf_output(blobs, value, bytes, flags);
}

static void write_mixed(void) {
  static __u32 number;
  struct opened opened = {.kind = KIND_OPENED, .number = number, .name = "opened"};
  struct closed closed = {.kind = KIND_CLOSED, .error = -2};
  struct opened other = {.kind = KIND_OTHER + 1};
  number++;
  ringbuf_output(kinds, &opened, sizeof(opened), flags);
  ringbuf_output(kinds, &closed, sizeof(closed), flags);
  if (mixed > 1) ringbuf_output(kinds, &other, sizeof(other), flags);
}

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  __u32 bytes = size;
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || ctx->args[1] != watched) return 0;
  if (mixed)
    write_mixed();
  else if (bytes)
    write_sized(bytes);
  else
    write_events();
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
