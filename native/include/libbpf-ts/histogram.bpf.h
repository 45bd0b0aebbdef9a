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

// The same by key: of each process, each disk. What finds no room in the map is counted in NAME_missed.
//
//   HISTOGRAMS(waits, __u32, 10240);
//
//   histograms_add(waits, &pid, microseconds);
//
// In TypeScript: histogramReader(bpf.maps.waits) of `libbpf-ts/tool`.
struct histogram_counts {
  __u64 counts[HISTOGRAM_BUCKETS];
};

static const struct histogram_counts histogram_empty = {};

#define HISTOGRAMS(name, key_type, entries) \
  struct {                                  \
    __uint(type, BPF_MAP_TYPE_HASH);        \
    __uint(max_entries, entries);           \
    __type(key, key_type);                  \
    __type(value, struct histogram_counts); \
  } name SEC(".maps");                      \
  __u64 name##_missed = 0

#define histograms_add(name, key, value) histogram_keyed_add(&name, &name##_missed, key, value)

static __always_inline void histogram_keyed_add(void* map, __u64* missed, const void* key, __u64 value) {
  struct histogram_counts* histogram = bpf_map_lookup_elem(map, key);
  if (!histogram) {
    bpf_map_update_elem(map, key, &histogram_empty, BPF_NOEXIST);
    histogram = bpf_map_lookup_elem(map, key);
  }
  if (!histogram) {
    __atomic_fetch_add(missed, 1, __ATOMIC_RELAXED);
    return;
  }
  __u32 bucket = histogram_bucket(value);
  if (bucket < HISTOGRAM_BUCKETS) __atomic_fetch_add(&histogram->counts[bucket], 1, __ATOMIC_RELAXED);
}
