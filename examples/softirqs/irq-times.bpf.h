// SPDX-License-Identifier: MIT
// How long interrupts are worked on, by what they are.
#pragma once

struct irq_totals {
  __u64 count;
  __u64 time; /* ns, in sum */
};

/* `key` says what an interrupt is. A CPU works on one of a kind at a time, and
 * does not leave it. */
#define IRQ_TIMES(key_type, entries)                                                                    \
  const volatile bool distribution = false; /* histograms, not sums */                                  \
  const volatile __u64 unit = 1000;         /* nanoseconds that a value of a histogram is counted in */ \
                                                                                                        \
  HISTOGRAMS(times, key_type, entries);                                                                 \
                                                                                                        \
  struct {                                                                                              \
    __uint(type, BPF_MAP_TYPE_HASH);                                                                    \
    __uint(max_entries, entries);                                                                       \
    __type(key, key_type);                                                                              \
    __type(value, struct irq_totals);                                                                   \
  } totals SEC(".maps");                                                                                \
                                                                                                        \
  struct {                                                                                              \
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                                                            \
    __uint(max_entries, 1);                                                                             \
    __type(key, __u32);                                                                                 \
    __type(value, __u64);                                                                               \
  } begun SEC(".maps");                                                                                 \
                                                                                                        \
  __u64 missed = 0;                                                                                     \
                                                                                                        \
  static __always_inline int irq_begins(void) {                                                         \
    __u32 zero = 0;                                                                                     \
    __u64* since = bpf_map_lookup_elem(&begun, &zero);                                                  \
    if (since) *since = bpf_ktime_get_ns();                                                             \
    return 0;                                                                                           \
  }                                                                                                     \
                                                                                                        \
  /* How long it took; 0 where it began before we looked. */                                            \
  static __always_inline __u64 irq_time(void) {                                                         \
    __u32 zero = 0;                                                                                     \
    __u64* since = bpf_map_lookup_elem(&begun, &zero);                                                  \
    if (!since || !*since) return 0;                                                                    \
    __u64 time = bpf_ktime_get_ns() - *since;                                                           \
    *since = 0;                                                                                         \
    return time;                                                                                        \
  }                                                                                                     \
                                                                                                        \
  static __always_inline int irq_ends(const key_type* key) {                                            \
    static const struct irq_totals nothing = {};                                                        \
    __u64 time = irq_time();                                                                            \
    if (!time) return 0;                                                                                \
    if (distribution) {                                                                                 \
      histograms_add(times, key, time / unit);                                                          \
      return 0;                                                                                         \
    }                                                                                                   \
    struct irq_totals* found = bpf_map_lookup_elem(&totals, key);                                       \
    if (!found) {                                                                                       \
      bpf_map_update_elem(&totals, key, &nothing, BPF_NOEXIST);                                         \
      found = bpf_map_lookup_elem(&totals, key);                                                        \
    }                                                                                                   \
    if (!found) {                                                                                       \
      __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);                                                 \
      return 0;                                                                                         \
    }                                                                                                   \
    __atomic_fetch_add(&found->count, 1, __ATOMIC_RELAXED);                                             \
    __atomic_fetch_add(&found->time, time, __ATOMIC_RELAXED);                                           \
    return 0;                                                                                           \
  }                                                                                                     \
  static int irq_begins(void)
