// A user ring buffer, drained when its process calls the watched system call; what was in it goes into a hash
// map.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define KEPT 256

const volatile __u32 target_pid = 0;
const volatile __s64 watched = 0;
const volatile __u64 drain_flags = 0;

struct command {
  __u64 number;
  __u32 kind;
  char name[20];
};

struct kept {
  __u32 size;
  __u8 bytes[KEPT];
};

struct {
  __uint(type, BPF_MAP_TYPE_USER_RINGBUF);
  __uint(max_entries, 4096);
  __type(value, struct command);
} commands SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1024);
  __type(key, __u32);
  __type(value, struct kept);
} records SEC(".maps");

__u32 drained;
__s64 answer;

static long keep(struct bpf_dynptr* record, void* context) {
  __u32 key = drained & 1023;
  struct kept* kept = bpf_map_lookup_elem(&records, &key);
  if (!kept) return 1;
  kept->size = 0;
  // The size of a dynptr is a kfunc's to tell, in later kernels: the longest read that succeeds tells it too.
  for (__u32 at = 0; at < KEPT; at++) {
    if (bpf_dynptr_read(&kept->bytes[at], 1, record, at, 0)) break;
    kept->size = at + 1;
  }
  drained++;
  return 0;
}

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || (__s64)ctx->args[1] != watched) return 0;
  answer = bpf_user_ringbuf_drain(&commands, keep, NULL, drain_flags);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
