// How far a ring was written by the kernel, and how far it was read: numbers in shared memory (struct
// bpf_ringbuf in kernel/bpf/ringbuf.c).
#pragma once

#include <cstdint>

inline uint64_t Load(const void* position) {
  return __atomic_load_n(static_cast<const uint64_t*>(position), __ATOMIC_ACQUIRE);
}

// Visible before anything is read again: the kernel wakes a reader whose position it finds at the record that
// it submits, and a reader that finds nothing after this may rely on that (bpf_ringbuf_commit() in
// kernel/bpf/ringbuf.c).
inline void Store(void* position, uint64_t value) {
  __atomic_store_n(static_cast<uint64_t*>(position), value, __ATOMIC_SEQ_CST);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
