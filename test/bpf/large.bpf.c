// Maps as large as they get in practice, to walk and to measure; nothing runs here.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct traffic {
  __u64 calls;
  __u64 bytes;
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1000000);
  __type(key, __u32);
  __type(value, struct traffic);
} flows SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 512);
  __type(key, __u32);
  __type(value, __u64);
} counters SEC(".maps");

struct histogram {
  __u32 slots[4];
  __s64 least;
  char name[8];
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, 100);
  __type(key, __u32);
  __type(value, struct histogram);
} histograms SEC(".maps");

struct prefix {
  __u32 length;
  __u8 address[4];
};

struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 100);
  __type(key, struct prefix);
  __type(value, __u32);
} routes SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 10);
  __type(key, __u32);
  __type(value, __u64);
} totals SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1000);
  __uint(key_size, 1);
  __type(value, __u8);
} bytes SEC(".maps");

char LICENSE[] SEC("license") = "GPL";
