// Records for perf buffers, and a counter read by a program: one for each watched system call of a process.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;
const volatile __s64 watched = 0;
const volatile __u32 sizes = 0;  // records of 8 to 2048 bytes instead of samples
const volatile __u32 read_counter = 0;

struct measure {
  __u64 sequence;
  __u64 time;
  __u32 cpu;
  __u32 pid;
};

struct reading {
  __u64 counter;
  __u64 enabled;
  __u64 running;
};

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, sizeof(__u32));
  __uint(value_size, sizeof(__u32));
} samples __attribute__((btf_decl_tag("value:struct measure"))) SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, sizeof(__u32));
  __uint(value_size, sizeof(__u32));
} counters SEC(".maps");

struct block {
  __u64 words[256];
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct block);
} blocks SEC(".maps");

__u64 produced;
__u64 refused;
__s64 refusal;
struct reading counted;
struct measure* keep_type;

// 8 to 2047 bytes; each eight of them are the record's number and where they are.
static void fill(void* ctx) {
  __u32 zero = 0;
  struct block* block = bpf_map_lookup_elem(&blocks, &zero);
  if (!block) return;
  for (__u32 at = 0; at < 256; at++) block->words[at] = produced << 16 | at;
  __u64 size = 8 + (produced * 13) % 2040;
  asm volatile("" : "+r"(size));
  __s64 status = bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, block, size & 2047);
  if (status) refusal = status;
}

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  struct measure sample = {};
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || (__s64)ctx->args[1] != watched) return 0;
  if (read_counter) {
    bpf_perf_event_read_value(&counters, BPF_F_CURRENT_CPU, (void*)&counted, sizeof(counted));
    return 0;
  }
  sample.sequence = produced;
  sample.time = bpf_ktime_get_ns();
  sample.cpu = bpf_get_smp_processor_id();
  sample.pid = target_pid;
  if (sizes) {
    fill(ctx);
  } else {
    __s64 status = bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU, &sample, sizeof(sample));
    if (status) {
      __atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
      refusal = status;
    }
  }
  __atomic_fetch_add(&produced, 1, __ATOMIC_RELAXED);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
