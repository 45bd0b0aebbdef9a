// Records in a ring's memory: their headers, and their way out.
#pragma once

#include <linux/bpf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ring.h"

// A record's header: whether it is there to be read, and how far the next one is.
struct RecordHeader {
  explicit RecordHeader(const uint8_t* at)
      : word(__atomic_load_n(reinterpret_cast<const uint32_t*>(at), __ATOMIC_ACQUIRE)) {}
  bool busy() const { return (word & BPF_RINGBUF_BUSY_BIT) != 0; }
  bool discarded() const { return (word & BPF_RINGBUF_DISCARD_BIT) != 0; }
  uint32_t length() const { return word & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT); }
  size_t step() const { return (size_t{length()} + BPF_RINGBUF_HDR_SZ + 7) & ~size_t{7}; }

  uint32_t word;
};

// How many records, at least one, have the header of the first. Where the next one is does not wait for its
// header to be read: the processor looks at several at once.
inline uint32_t Ring::Alike(uint64_t position, const RecordHeader& first, uint64_t bytes,
                            uint32_t max_records) const {
  const size_t step = first.step();
  uint32_t count = 1;
  for (uint64_t next = step; count < max_records && next + step <= bytes; next += step, count++) {
    if (RecordHeader(At(position + next)).word != first.word) break;
  }
  return count;
}

// Records on their way out. Neighbors are copied together: one memcpy for as many as lie side by side, which
// they do across the ring's end too, for its memory is there twice.
class Ring::Packing {
 public:
  Packing(uint8_t* out, size_t size, Report* report) : out_(out), size_(size), report_(report) {}

  bool Fits(size_t step) const { return step <= size_ - used_ - run_; }
  void Add(const uint8_t* from, uint32_t length, size_t step) {
    if (run_ == 0) from_ = from;
    run_ += step;
    if (count_++ == 0) report_->length = length;
    if (report_->length != length) report_->length = kMixed;
  }
  // Copies what was added; a record that is left out ends a run.
  void Flush() {
    if (run_ > 0) memcpy(out_ + used_, from_, run_);
    used_ += run_;
    run_ = 0;
    report_->used = used_;
  }
  // Takes the last record back, which was flushed alone.
  void Undo(size_t step) {
    used_ -= step;
    count_--;
    report_->used = used_;
  }
  uint32_t count() const { return count_; }
  Report* report() const { return report_; }

 private:
  uint8_t* out_;
  size_t size_;
  Report* report_;
  const uint8_t* from_ = nullptr;
  size_t used_ = 0;
  size_t run_ = 0;
  uint32_t count_ = 0;
};
