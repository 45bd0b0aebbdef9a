// Kinds of maps as programs use them: jumps, inner maps, stacks, queues, prefixes, locks. One process's
// chosen system call drives them.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;  // the only process that counts
const volatile __s64 watched = 0;     // its system call that counts

__u32 jump = 0;    // where to jump to
__u64 firsts;      // calls that got to `first`
__u64 seconds;     // calls that got to `second`
__u64 fallen;      // calls whose jump found nothing
__s64 stack = -1;  // the id of the last stack
__u64 route;       // what `address` is routed to
__u8 address[4] = {};

struct prefix {
  __u32 prefixlen;
  __u8 data[4];
};

struct guarded {
  struct bpf_spin_lock lock;
  __u32 generation;
  __u64 sum;
};

int first(void* ctx);

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 4);
  __uint(key_size, sizeof(__u32));
  __array(values, int(void*));
} jumps SEC(".maps") = {
    .values = {[0] = (void*)&first},
};

struct counters {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
  __uint(max_entries, 4);
  __type(key, __u32);
  __array(values, struct counters);
} tenants SEC(".maps");

struct shelf {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct prefix);
} shelf SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 3);
  __type(key, __u32);
  __array(values, struct shelf);
} shelves SEC(".maps") = {
    .values = {[1] = &shelf},
};

struct {
  __uint(type, BPF_MAP_TYPE_STACK_TRACE);
  __uint(max_entries, 64);
  __uint(key_size, sizeof(__u32));
  __uint(value_size, 16 * sizeof(__u64));
} stacks SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_QUEUE);
  __uint(max_entries, 8);
  __type(value, __u64);
} jobs SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(max_entries, 64);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct prefix);
  __type(value, __u64);
} routes SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 8);
  __type(key, __u32);
  __type(value, struct guarded);
} guards SEC(".maps");

static void add(__u64* counter, __u64 number) {
  __atomic_fetch_add(counter, number, __ATOMIC_RELAXED);
}

static void find_route(void) {
  struct prefix whole = {.prefixlen = 32};
  for (int i = 0; i < 4; i++) whole.data[i] = address[i];
  __u64* found = bpf_map_lookup_elem(&routes, &whole);
  route = found ? *found : 0;
}

static void count_tenant(__u32 tenant) {
  __u32 key = 1;
  __u64 one = 1;
  void* inner = bpf_map_lookup_elem(&tenants, &tenant);
  if (!inner) return;
  __u64* count = bpf_map_lookup_elem(inner, &key);
  if (count)
    add(count, 1);
  else
    bpf_map_update_elem(inner, &key, &one, BPF_NOEXIST);
}

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  __u64 job = jump;
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || (__s64)ctx->args[1] != watched) return 0;
  stack = bpf_get_stackid(ctx, &stacks, 0);
  find_route();
  count_tenant(7);
  bpf_map_push_elem(&jobs, &job, BPF_EXIST);
  bpf_tail_call(ctx, &jumps, jump);
  add(&fallen, 1);
  return 0;
}

SEC("raw_tp/sys_enter")
int first(void* ctx) {
  add(&firsts, 1);
  return 0;
}

SEC("raw_tp/sys_enter")
int second(void* ctx) {
  add(&seconds, 1);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
