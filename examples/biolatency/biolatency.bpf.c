// SPDX-License-Identifier: MIT
// How long requests to disks took.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>
#include <libbpf-ts/block.bpf.h>

/* What a histogram is of; members that are not asked for are 0. */
struct kind {
  __u32 disk;
  __u8 operation;
  __u8 flags;
  __u16 unused;
};

const volatile bool by_disk = false;
const volatile bool by_operation = false;
const volatile bool with_queue = false; /* the time before the disk gets it too */
const volatile __u64 unit = 1000;       /* nanoseconds that a value is counted in */

FILTER_TASKS();
HISTOGRAMS(latencies, struct kind, 4096);

static __always_inline void ended(const struct block_request* request, __u64 now, __s32 error) {
  struct kind kind = {};
  if (by_disk) kind.disk = request->disk;
  if (by_operation) {
    kind.operation = request->operation;
    kind.flags = request->flags;
  }
  histograms_add(latencies, &kind, (now - (with_queue ? request->queued : request->issued)) / unit);
}

BLOCK_REQUESTS(ended, false);

char LICENSE[] SEC("license") = "Dual MIT/GPL";
