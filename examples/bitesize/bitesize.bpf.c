// SPDX-License-Identifier: MIT
// How large requests to disks are.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>
#include <libbpf-ts/block.bpf.h>

/* What a histogram is of. */
struct kind {
  char comm[16];
  __u32 disk; /* 0 where it is not asked for */
};

const volatile bool by_disk = false;

FILTER_TASKS();
HISTOGRAMS(sizes, struct kind, 10240);

static __always_inline void ended(const struct block_request* request, __u64 now, __s32 error) {
  struct kind kind = {};
  __builtin_memcpy(kind.comm, request->comm, sizeof(kind.comm));
  if (by_disk) kind.disk = request->disk;
  histograms_add(sizes, &kind, request->bytes);
}

BLOCK_REQUESTS(ended, true);

char LICENSE[] SEC("license") = "Dual MIT/GPL";
