// How many values were how great, in powers of two: counted for each CPU, without a lock.
//
//   HISTOGRAM(latencies);
//
//   histogram_add(&latencies, bpf_ktime_get_ns() - start);
//
// In TypeScript: for (const { from, to, count } of await readHistogram(bpf.maps.latencies)) …
#pragma once

#include <bpf/bpf_helpers.h>

// Bucket 0 is for the value 0; bucket n for those of n bits, 2^(n-1) to 2^n - 1.
#define HISTOGRAM_BUCKETS 65

#define HISTOGRAM(name)                      \
  struct {                                   \
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); \
    __uint(max_entries, HISTOGRAM_BUCKETS);  \
    __type(key, __u32);                      \
    __type(value, __u64);                    \
  } name SEC(".maps")

// How many bits a value has; 0 has none.
static __always_inline __u32 histogram_bucket(__u64 value) {
  __u32 bits = 0;
  for (__u32 half = 32; half; half /= 2) {
    if (value >> half == 0) continue;
    value >>= half;
    bits += half;
  }
  return bits + (value != 0);
}

static __always_inline void histogram_add(void* histogram, __u64 value) {
  __u32 bucket = histogram_bucket(value);
  __u64* count = bpf_map_lookup_elem(histogram, &bucket);
  // An interrupt may count on the same CPU.
  if (count) __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}
