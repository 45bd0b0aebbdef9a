// Memory that a program and this process share: variables of every width, a section of its own name, what the
// kernel was configured with, and arrays that are mapped.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;
const volatile __u64 watched = 0;
extern int LINUX_KERNEL_VERSION __kconfig;

enum mood { CALM, BUSY, LATE = 7 };

struct pair {
  __u32 left;
  __u64 right;
};

__u8 tiny = 200;
__s16 small = -2;
__s32 signed_word = -3;
__u32 word = 4000000000;
__u64 wide = 0xffffffffffffffff;
__s64 signed_wide = -5;
bool flag = true;
enum mood mood = BUSY;
struct pair pair = {6, 7};
char title[12] = "title";
__u16 numbers[3] = {1, 2, 3};

__u64 question SEC(".data.tuning") = 41;
__u64 answer SEC(".data.tuning");

__u64 calls;
__u32 turns;
__u32 release;

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1000);
  __type(key, __u32);
  __type(value, struct pair);
} pairs SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 3);
  __type(key, __u32);
  __type(value, __u32);
} words SEC(".maps");

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  __u32 two = 2;
  struct pair* slot = bpf_map_lookup_elem(&pairs, &two);
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || ctx->args[1] != watched) return 0;
  __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&turns, 1, __ATOMIC_RELAXED);
  answer = question + 1;
  release = LINUX_KERNEL_VERSION;
  if (slot) {
    slot->left += 1;
    slot->right = wide;
  }
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
