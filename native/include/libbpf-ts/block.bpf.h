// Requests to disks, from the thread that made them to the disk's answer.
//
//   FILTER_TASKS();
//   static __always_inline void ended(const struct block_request* request, __u64 now, __s32 error) { … }
//   BLOCK_REQUESTS(ended, true);
//
// A request is queued by the thread that asks for it (of what was written into memory before, by a thread of
// the kernel), is issued to the disk by any thread, and ends in an interrupt. So whose it is is decided when
// it is first seen, by filter_current(). What the kernel merges before it is issued is one request. A part
// of a request that ends by itself is not its end.
//
// This part is included by itself, after <libbpf-ts.bpf.h>.
#pragma once

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "tasks.bpf.h"

// What `flags` of a request has; the kernel's own numbers change from version to version.
enum block_request_flag {
  BLOCK_SYNC = 1,
  BLOCK_METADATA = 2,
  BLOCK_THROUGH = 4, /* past the disk's cache: FUA */
  BLOCK_FLUSH = 8,   /* the disk's cache is written out before */
  BLOCK_AHEAD = 16,  /* a read that nobody waits for yet */
};

enum block_request_state { BLOCK_QUEUED, BLOCK_ISSUED, BLOCK_AGAIN };

struct block_request {
  __u64 queued; /* when it was first seen, ns of the monotonic clock */
  __u64 issued; /* when the disk got it, for the last time */
  __u64 sector; /* of 512 bytes */
  __u32 bytes;
  __u32 disk; /* its number: major << 20 | minor; 0 where it has none */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __u8 operation; /* enum req_op in include/linux/blk_types.h */
  __u8 flags;     /* enum block_request_flag */
  __u8 state;     /* enum block_request_state */
  _Bool wanted;   /* by the filters */
  char comm[16];
};

// The members that are read. A disk hung from the request until Linux 5.16, from its queue since 5.15.
struct gendisk___block {
  int major;
  int first_minor;
} __attribute__((preserve_access_index));

struct request_queue___block {
  struct gendisk___block* disk;
} __attribute__((preserve_access_index));

struct request___block {
  struct request_queue___block* q;
  unsigned int cmd_flags;
  unsigned int __data_len;
  unsigned long long __sector;
} __attribute__((preserve_access_index));

struct request___block_disk {
  struct gendisk___block* rq_disk;
} __attribute__((preserve_access_index));

enum req_flag_bits___block {
  __REQ_SYNC___block,
  __REQ_META___block,
  __REQ_FUA___block,
  __REQ_PREFLUSH___block,
  __REQ_RAHEAD___block,
};

// Events had the queue as their first argument before Linux 5.11, and before 5.10 had that change too: the
// type of one of them tells.
typedef void (*btf_trace_block_rq_insert___one)(void* data, struct request___block* request);
#define BLOCK_HAS_QUEUE_ARGUMENT (!bpf_core_type_exists(btf_trace_block_rq_insert___one))

/* Read by an instruction for each place: a compiler that chooses between two moves the context's pointer,
 * which the verifier refuses (kernel/bpf/verifier.c: "dereference of modified ctx ptr"). */
static __always_inline struct request___block* block_argument(__u64* ctx) {
  struct request___block* request;
  if (BLOCK_HAS_QUEUE_ARGUMENT)
    asm volatile("%0 = *(u64 *)(%1 + 8)" : "=r"(request) : "r"(ctx));
  else
    asm volatile("%0 = *(u64 *)(%1 + 0)" : "=r"(request) : "r"(ctx));
  return request;
}

static __always_inline __u32 block_disk_of(struct request___block* request) {
  struct gendisk___block* disk;
  if (bpf_core_field_exists(request->q->disk))
    disk = request->q->disk;
  else
    disk = ((struct request___block_disk*)request)->rq_disk;
  return (__u32)disk->major << 20 | (__u32)disk->first_minor;
}

#define BLOCK_FLAG(flags, bit, flag) \
  ((flags) >> bpf_core_enum_value(enum req_flag_bits___block, bit) & 1 ? (flag) : 0)

// What may change until it is issued.
static __always_inline void block_describe(struct block_request* known, struct request___block* request) {
  unsigned int flags = request->cmd_flags;
  known->sector = request->__sector;
  known->bytes = request->__data_len;
  known->operation = flags & 0xff; /* REQ_OP_MASK in include/linux/blk_types.h */
  known->flags = BLOCK_FLAG(flags, __REQ_SYNC___block, BLOCK_SYNC) |
                 BLOCK_FLAG(flags, __REQ_META___block, BLOCK_METADATA) |
                 BLOCK_FLAG(flags, __REQ_FUA___block, BLOCK_THROUGH) |
                 BLOCK_FLAG(flags, __REQ_PREFLUSH___block, BLOCK_FLUSH) |
                 BLOCK_FLAG(flags, __REQ_RAHEAD___block, BLOCK_AHEAD);
}

// It is the running thread's.
static __always_inline void block_identify(struct block_request* known) {
  __u64 id = bpf_get_current_pid_tgid();
  known->pid = id >> 32;
  known->tid = id;
  known->uid = bpf_get_current_uid_gid();
  bpf_get_current_comm(known->comm, sizeof(known->comm));
}

// The map of requests under way, by their addresses, and the programs that fill it. `block_disk` is the only
// disk that is looked at, if it is not 0. `ended` gets each request of a wanted thread; its error is a
// negative errno before Linux 5.16, a blk_status_t since. Where the process is not asked for, its members are
// 0.
#define BLOCK_REQUESTS(ended, with_process)                                                             \
  const volatile __u32 block_disk = 0;                                                                  \
  __u64 block_missed = 0; /* requests that found no room in the map */                                  \
  struct {                                                                                              \
    __uint(type, BPF_MAP_TYPE_HASH);                                                                    \
    __uint(max_entries, 16384);                                                                         \
    __type(key, __u64);                                                                                 \
    __type(value, struct block_request);                                                                \
  } block_requests SEC(".maps");                                                                        \
                                                                                                        \
  static __always_inline void block_remember(struct request___block* request, __u8 state) {             \
    __u64 key = (__u64)request, now = bpf_ktime_get_ns();                                               \
    struct block_request fresh = {.state = state, .queued = now, .issued = now};                        \
    fresh.disk = block_disk_of(request);                                                                \
    if (block_disk && fresh.disk != block_disk) return;                                                 \
    block_describe(&fresh, request);                                                                    \
    fresh.wanted = filter_current();                                                                    \
    if (with_process) block_identify(&fresh);                                                           \
    if (bpf_map_update_elem(&block_requests, &key, &fresh, BPF_ANY))                                    \
      __atomic_fetch_add(&block_missed, 1, __ATOMIC_RELAXED);                                           \
  }                                                                                                     \
                                                                                                        \
  static __noinline int block_queue(struct request___block* request) {                                  \
    __u64 key = (__u64)request;                                                                         \
    struct block_request* known = bpf_map_lookup_elem(&block_requests, &key);                           \
    /* One that the disk could not take is queued again by the kernel. */                               \
    if (!known || known->state != BLOCK_AGAIN) block_remember(request, BLOCK_QUEUED);                   \
    return 0;                                                                                           \
  }                                                                                                     \
                                                                                                        \
  static __noinline int block_issue(struct request___block* request) {                                  \
    __u64 key = (__u64)request;                                                                         \
    struct block_request* known = bpf_map_lookup_elem(&block_requests, &key);                           \
    /* Issued twice, it is another request at the same address, whose end was not seen. */              \
    if (!known || known->state == BLOCK_ISSUED) {                                                       \
      block_remember(request, BLOCK_ISSUED);                                                            \
      return 0;                                                                                         \
    }                                                                                                   \
    known->state = BLOCK_ISSUED;                                                                        \
    known->issued = bpf_ktime_get_ns();                                                                 \
    block_describe(known, request);                                                                     \
    return 0;                                                                                           \
  }                                                                                                     \
                                                                                                        \
  static __noinline int block_take_back(struct request___block* request) {                              \
    __u64 key = (__u64)request;                                                                         \
    struct block_request* known = bpf_map_lookup_elem(&block_requests, &key);                           \
    if (known) known->state = BLOCK_AGAIN;                                                              \
    return 0;                                                                                           \
  }                                                                                                     \
                                                                                                        \
  SEC("tp_btf/block_rq_insert")                                                                         \
  int block_queued(__u64* ctx) { return block_queue(block_argument(ctx)); }                             \
                                                                                                        \
  SEC("tp_btf/block_rq_issue")                                                                          \
  int block_issued(__u64* ctx) { return block_issue(block_argument(ctx)); }                             \
                                                                                                        \
  SEC("tp_btf/block_rq_requeue")                                                                        \
  int block_requeued(__u64* ctx) { return block_take_back(block_argument(ctx)); }                       \
                                                                                                        \
  SEC("tp_btf/block_rq_complete")                                                                       \
  int block_completed(__u64* ctx) {                                                                     \
    struct request___block* request = (void*)ctx[0];                                                    \
    __u64 key = (__u64)request;                                                                         \
    struct block_request* known = bpf_map_lookup_elem(&block_requests, &key);                           \
    if (!known || (__u32)ctx[2] < request->__data_len) return 0;                                        \
    if (known->wanted && known->state == BLOCK_ISSUED) ended(known, bpf_ktime_get_ns(), (__s32)ctx[1]); \
    bpf_map_delete_elem(&block_requests, &key);                                                         \
    return 0;                                                                                           \
  }                                                                                                     \
  static int block_take_back(struct request___block* request)
