// Maps by what a task is: its own storage, the cgroups that it is in, and a set of what was seen. One
// process's chosen system call drives them.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 target_pid = 0;  // the only process that counts
const volatile __s64 watched = 0;     // its system call that counts

bool inside;      // whether its task is in the cgroup of the map
__u64 asked = 7;  // a number
bool seen;        // whether the filter knows it

struct {
  __uint(type, BPF_MAP_TYPE_TASK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u64);
} calls SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
} groups SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
  __uint(max_entries, 64);
  __type(value, __u64);
} numbers SEC(".maps");

SEC("tp_btf/sys_enter")
int BPF_PROG(entered, struct pt_regs* regs, long number) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || number != watched) return 0;
  __u64* mine = bpf_task_storage_get(&calls, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
  if (mine) *mine += 1;
  inside = bpf_current_task_under_cgroup(&groups, 0) == 1;
  __u64 value = asked;
  seen = bpf_map_peek_elem(&numbers, &value) == 0;
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
