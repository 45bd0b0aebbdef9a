// SPDX-License-Identifier: MIT
// Requests to disks: how long each disk took for them, and their bytes. A request is of the thread that made
// it; what was written into memory before, a thread of the kernel writes out.
#define MOST_SUMS 1024
#include "sums.bpf.h"

#include <libbpf-ts/block.bpf.h>

/* The numbers are those of disk.ts; a metric is one of these and the operation. */
enum { durations = 0x100, bytes = 0x200 };

struct pending {
  __u64 issued;
  __u32 disk;
  __u32 bytes;
  struct owned by;
  __u8 operation;
  __u8 state; /* enum block_request_state */
};

/* Requests under way, by their addresses; each leaves when it is done. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 8192);
  __type(key, __u64);
  __type(value, struct pending);
} requests SEC(".maps");

static __always_inline void begin(struct request___block* request, __u8 state) {
  __u64 key = (__u64)request;
  struct pending fresh = {.by = owners_of_current(), .issued = bpf_ktime_get_ns(), .state = state};
  if (!is_owned(fresh.by)) {
    /* Another one was at this address, whose end was not seen. */
    bpf_map_delete_elem(&requests, &key);
    return;
  }
  fresh.disk = block_disk_of(request);
  fresh.bytes = request->__data_len;
  fresh.operation = request->cmd_flags;
  if (bpf_map_update_elem(&requests, &key, &fresh, BPF_ANY)) miss();
}

static __noinline int queue(struct request___block* request) {
  __u64 key = (__u64)request;
  struct pending* known = bpf_map_lookup_elem(&requests, &key);
  /* One that the disk could not take is queued again by the kernel. */
  if (!known || known->state != BLOCK_AGAIN) begin(request, BLOCK_QUEUED);
  return 0;
}

/* A request that was queued is issued by any thread; one that was not, by the one that made it. */
static __noinline int issue(struct request___block* request) {
  __u64 key = (__u64)request;
  struct pending* known = bpf_map_lookup_elem(&requests, &key);
  if (!known || known->state == BLOCK_ISSUED) {
    begin(request, BLOCK_ISSUED);
    return 0;
  }
  known->state = BLOCK_ISSUED;
  known->issued = bpf_ktime_get_ns();
  known->bytes = request->__data_len;
  return 0;
}

SEC("tp_btf/block_rq_insert")
int queued(__u64* ctx) {
  return queue(block_argument(ctx));
}

SEC("tp_btf/block_rq_issue")
int issued(__u64* ctx) {
  return issue(block_argument(ctx));
}

SEC("tp_btf/block_rq_requeue")
int requeued(__u64* ctx) {
  __u64 key = (__u64)block_argument(ctx);
  struct pending* known = bpf_map_lookup_elem(&requests, &key);
  if (known) known->state = BLOCK_AGAIN;
  return 0;
}

/* A part of a request that ends by itself is not its end. */
SEC("tp_btf/block_rq_complete")
int completed(__u64* ctx) {
  struct request___block* request = (void*)ctx[0];
  __u64 key = (__u64)request;
  struct pending* known = bpf_map_lookup_elem(&requests, &key);
  if (!known || (__u32)ctx[2] < request->__data_len) return 0;
  if (known->state == BLOCK_ISSUED) {
    record(known->by, durations | known->operation, known->disk, bpf_ktime_get_ns() - known->issued);
    add(known->by, bytes | known->operation, known->disk, known->bytes);
  }
  bpf_map_delete_elem(&requests, &key);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
