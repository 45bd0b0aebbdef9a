// SPDX-License-Identifier: MIT
// Every request to a disk when it has ended.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>
#include <libbpf-ts/block.bpf.h>

struct event {
  __u64 time;     /* when it was queued, ns of the monotonic clock */
  __u64 queued;   /* ns until the disk got it */
  __u64 duration; /* ns from then until the disk was done */
  __u64 sector;
  __u32 bytes;
  __u32 disk;
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __s32 error; /* a negative errno before Linux 5.16, a blk_status_t since */
  __u8 operation;
  __u8 flags;
  char comm[16];
};

const volatile __u64 least = 0; /* ns that a request has to take to be shown */

FILTER_TASKS();
COUNTED_RINGBUF(events, struct event, 1 << 20);

static __always_inline void ended(const struct block_request* request, __u64 now, __s32 error) {
  if (now - request->queued < least) return;
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return;
  event->time = request->queued;
  event->queued = request->issued - request->queued;
  event->duration = now - request->issued;
  event->sector = request->sector;
  event->bytes = request->bytes;
  event->disk = request->disk;
  event->pid = request->pid;
  event->tid = request->tid;
  event->uid = request->uid;
  event->error = error;
  event->operation = request->operation;
  event->flags = request->flags;
  __builtin_memcpy(event->comm, request->comm, sizeof(event->comm));
  ringbuf_submit(event, 0);
}

BLOCK_REQUESTS(ended, true);

char LICENSE[] SEC("license") = "Dual MIT/GPL";
