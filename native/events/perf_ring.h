// The memory of a perf event: its records (perf_event_open(2)), packed as those of a ring buffer are.
// libbpf calls back for every record, and trusts its length (perf_event_read_simple() in libbpf.c).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

class PerfRing {
 public:
  // What a drain found besides its records.
  struct Report {
    uint32_t used;    // bytes of `out`
    uint32_t needed;  // by the first record, where it did not fit
    uint64_t lost;    // records that the kernel had no room for
  };

  // Null, with errno set. `size` is a power of two of pages; backward: the newest overwrite the oldest.
  static std::unique_ptr<PerfRing> Map(int fd, size_t size, bool backward);
  ~PerfRing();
  PerfRing(const PerfRing&) = delete;
  PerfRing& operator=(const PerfRing&) = delete;

  // Copies up to `max_records` into `out`, each as {u32 length, u32 note, bytes, zero to a multiple of 8};
  // where samples have times, the bytes begin with them. -EMSGSIZE when not even the first fits, -EBADMSG for
  // lengths that cannot be: what is left then is dropped.
  int Drain(uint8_t* out, size_t size, uint32_t max_records, uint32_t note, bool timed, Report* report);
  uint64_t Available() const;

 private:
  PerfRing(size_t size, bool backward) : size_(size), backward_(backward) {}
  bool Fits(uint64_t position, uint64_t end, size_t* length) const;
  void Copy(uint64_t position, void* out, size_t length) const;
  int Forward(uint8_t* out, size_t size, uint32_t max_records, uint32_t note, bool timed, Report* report);
  int Backward(uint8_t* out, size_t size, uint32_t note, bool timed, Report* report);
  int Pack(uint64_t position, size_t length, uint8_t* out, size_t size, uint32_t note, bool timed,
           Report* report);

  size_t size_;
  bool backward_;
  void* page_ = nullptr;  // struct perf_event_mmap_page, then the data
  const uint8_t* data_ = nullptr;
  uint64_t seen_ = 0;  // backward: where the newest record that was read begins
};
