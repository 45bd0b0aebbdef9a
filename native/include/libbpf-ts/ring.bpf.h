// Ring buffers that lose nothing in silence. Each CPU counts what it wrote and what found no room; in
// JavaScript the ring's stats() adds it up.
//
//   COUNTED_RINGBUF(events, struct event, 256 * 1024);
//
//   struct event* event = ringbuf_reserve(events, sizeof(*event));
//   if (!event) return 0;  // counted
//   event->pid = bpf_get_current_pid_tgid() >> 32;
//   ringbuf_submit(event, 0);
#pragma once

#include <bpf/bpf_helpers.h>

struct ringbuf_counts {
  __u64 produced;   // attempts to write: written, dropped or discarded
  __u64 dropped;    // attempts that found no room
  __u64 discarded;  // reserved, then thrown away by the program
};

// A ring buffer `name` of records of a type, and its counts beside it. Linux 5.8. The type stands there as
// an array of none: a ring has no values, and libbpf would give it the size of one, for which
// ringbuf_map_alloc() in kernel/bpf/ringbuf.c says EINVAL.
#define COUNTED_RINGBUF(name, record, bytes) \
  struct {                                   \
    __uint(type, BPF_MAP_TYPE_RINGBUF);      \
    __uint(max_entries, bytes);              \
    __type(value, record[0]);                \
  } name SEC(".maps");                       \
  struct {                                   \
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); \
    __uint(max_entries, 1);                  \
    __type(key, __u32);                      \
    __type(value, struct ringbuf_counts);    \
  } name##_counts SEC(".maps")

// Memory for a record, or NULL, counted. `size` is a constant.
#define ringbuf_reserve(ring, size) ringbuf_counted_reserve(&ring, &ring##_counts, size)

// Hands over a reserved record. `flags`: 0, BPF_RB_NO_WAKEUP, BPF_RB_FORCE_WAKEUP.
#define ringbuf_submit(record, flags) bpf_ringbuf_submit(record, flags)

// Throws a reserved record away.
#define ringbuf_discard(ring, record, flags) ringbuf_counted_discard(&ring##_counts, record, flags)

// Copies a record of any size into the ring; 0, or a negative errno, counted.
#define ringbuf_output(ring, data, size, flags) \
  ringbuf_counted_output(&ring, &ring##_counts, data, size, flags)

static __always_inline struct ringbuf_counts* ringbuf_counts_of(void* map) {
  __u32 zero = 0;
  return bpf_map_lookup_elem(map, &zero);
}

// An interrupt may count on the same CPU. Without a use of the old value it is an instruction that Linux
// 5.8 has: those that fetch came with 5.12 (check_atomic() in kernel/bpf/verifier.c).
static __always_inline void ringbuf_count(__u64* counter) {
  __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static __always_inline void* ringbuf_counted_reserve(void* ring, void* map, __u64 size) {
  struct ringbuf_counts* counts = ringbuf_counts_of(map);
  if (!counts) return 0;
  ringbuf_count(&counts->produced);
  void* record = bpf_ringbuf_reserve(ring, size, 0);
  if (!record) ringbuf_count(&counts->dropped);
  return record;
}

static __always_inline void ringbuf_counted_discard(void* map, void* record, __u64 flags) {
  struct ringbuf_counts* counts = ringbuf_counts_of(map);
  if (counts) ringbuf_count(&counts->discarded);
  bpf_ringbuf_discard(record, flags);
}

static __always_inline long ringbuf_counted_output(void* ring, void* map, void* data, __u64 size,
                                                   __u64 flags) {
  struct ringbuf_counts* counts = ringbuf_counts_of(map);
  if (!counts) return -1;
  ringbuf_count(&counts->produced);
  long status = bpf_ringbuf_output(ring, data, size, flags);
  if (status) ringbuf_count(&counts->dropped);
  return status;
}
