// SPDX-License-Identifier: MIT
// Whose requests to disks are the most.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>
#include <libbpf-ts/block.bpf.h>

struct kind {
  __u32 pid;
  __u32 disk;
  __u32 operation;
};

struct totals {
  __u64 requests;
  __u64 bytes;
  __u64 time; /* ns between queue and answer, in sum */
  char comm[16];
};

FILTER_TASKS();

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16384);
  __type(key, struct kind);
  __type(value, struct totals);
} totals SEC(".maps");

__u64 missed = 0;

static const struct totals nothing = {};

/* An address of the map's, or NULL. */
static __always_inline struct totals* totals_of(const struct kind* kind, const char* comm) {
  struct totals* found = bpf_map_lookup_elem(&totals, kind);
  if (found) return found;
  bpf_map_update_elem(&totals, kind, &nothing, BPF_NOEXIST);
  found = bpf_map_lookup_elem(&totals, kind);
  if (found)
    __builtin_memcpy(found->comm, comm, sizeof(found->comm));
  else
    __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
  return found;
}

static __always_inline void ended(const struct block_request* request, __u64 now, __s32 error) {
  struct kind kind = {.pid = request->pid, .disk = request->disk, .operation = request->operation};
  struct totals* found = totals_of(&kind, request->comm);
  if (!found) return;
  __atomic_fetch_add(&found->requests, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&found->bytes, request->bytes, __ATOMIC_RELAXED);
  __atomic_fetch_add(&found->time, now - request->queued, __ATOMIC_RELAXED);
}

BLOCK_REQUESTS(ended, true);

char LICENSE[] SEC("license") = "Dual MIT/GPL";
