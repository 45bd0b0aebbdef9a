// What the live tests need of an object: every kind of section, map and record, driven by one process's
// system calls.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;  // the only process that counts
const volatile __s64 watched = 0;     // the system call that is also reported

__u64 step = 1;
__u64 seen;
__u64 dropped;
char note[16] = "ready";

struct call {
  __u64 sequence;
  __u32 pid;
  __s32 id;
  char comm[16];
};

struct tally {
  __u64 calls;
  __u32 last;
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u64);
} counts SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct tally);
} tallies SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, struct tally);
} slots SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 2);
  __uint(key_size, sizeof(__u32));
  __uint(value_size, sizeof(__u32));
} jumps SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 64 * 1024);
  __type(value, struct call);
} events SEC(".maps");

// Without a use of the old value, and relaxed, every clang makes an instruction that Linux 5.10 has.
static void add(__u64* counter, __u64 number) {
  __atomic_fetch_add(counter, number, __ATOMIC_RELAXED);
}

static void count(__u32 id) {
  __u32 zero = 0;
  struct tally* tally = bpf_map_lookup_elem(&tallies, &zero);
  __u64* calls = bpf_map_lookup_elem(&counts, &id);
  __u64 one = 1;
  if (tally) {
    tally->calls++;
    tally->last = id;
  }
  if (calls)
    add(calls, 1);
  else
    bpf_map_update_elem(&counts, &id, &one, BPF_NOEXIST);
}

static void report(__s32 id) {
  __u64 sequence = seen;  // one thread calls; an atomic that answers the old value needs Linux 5.12
  struct call* call = bpf_ringbuf_reserve(&events, sizeof(*call), 0);
  add(&seen, step);
  if (!call) {
    add(&dropped, 1);
    return;
  }
  call->sequence = sequence;
  call->pid = bpf_get_current_pid_tgid() >> 32;
  call->id = id;
  bpf_get_current_comm(call->comm, sizeof(call->comm));
  bpf_ringbuf_submit(call, 0);
}

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  __s64 id = ctx->args[1];
  if (bpf_get_current_pid_tgid() >> 32 != target_pid) return 0;
  count(id);
  if (id == watched) report(id);
  return 0;
}

// Attaches to an interface that only its user knows, so attaching the whole object leaves it alone.
SEC("xdp")
int passed(struct xdp_md* ctx) {
  return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
