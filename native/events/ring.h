// The user half of a BPF_MAP_TYPE_RINGBUF: its memory, drained in batches with one commit each. libbpf
// calls back and commits for every record (ringbuf_process_ring() in ringbuf.c); a crossing into JavaScript
// wants many at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

struct RecordHeader;

class Ring {
 public:
  // What a drain found; JavaScript reads these words.
  struct Report {
    uint32_t used;     // bytes of `out` in use
    uint32_t length;   // of each record, where all have the same; else kMixed
    uint32_t waiting;  // bytes that waited before
    uint32_t needed;   // bytes that the next record takes, where not even one fitted
    uint32_t lost;     // bytes that the kernel wrote over before they were read
    uint32_t copied;   // 1 where they are in `out`
  };
  static constexpr uint32_t kMixed = UINT32_MAX;

  // Null, with errno set, where mmap(2) fails (ringbuf_map_mmap_user() in kernel/bpf/ringbuf.c). `size` is
  // the map's max_entries: a power of two of pages.
  static std::unique_ptr<Ring> Map(int map_fd, size_t size, bool overwrites);
  ~Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // Looks at up to `max_records` that take up to `size` bytes, for a Take or a Skip to come.
  int Scan(size_t size, uint32_t max_records, Report* report);
  // Copies what was looked at, as Drain does, and commits it.
  int Take(uint8_t* out, size_t size);
  // Commits what was looked at.
  void Skip();
  // Copies up to `max_records` into `out`, each as {u32 length, u32 page offset (struct bpf_ringbuf_hdr in
  // kernel/bpf/ringbuf.c), bytes, up to a multiple of 8}, and commits them. -EMSGSIZE when not even the
  // first fits, -EBADMSG when a length cannot be.
  int Drain(uint8_t* out, size_t size, uint32_t max_records, Report* report);
  // Bytes, headers included, that wait to be read.
  uint64_t Available() const;
  int fd() const { return fd_; }
  bool overwrites() const { return overwrites_; }

 private:
  class Packing;

  Ring(int fd, size_t size, bool overwrites) : fd_(fd), size_(size), overwrites_(overwrites) {}
  int Drain(uint8_t* out, size_t size, uint32_t max_records, uint64_t end, Report* report);
  bool MapPages();
  uint64_t Overwritten() const;
  const uint8_t* At(uint64_t position) const { return data_ + (position & (size_ - 1)); }
  uint32_t Alike(uint64_t position, const RecordHeader& first, uint64_t bytes, uint32_t max_records) const;
  int Walk(uint64_t* position, uint64_t end, uint32_t max_records, Packing* packing) const;
  int WalkOverwritten(uint64_t* position, uint64_t end, uint32_t max_records, Packing* packing) const;

  int fd_;           // a duplicate: the map may close first
  size_t size_;      // bytes of data, mapped twice in a row so that a record never wraps
  bool overwrites_;  // BPF_F_RB_OVERWRITE: the kernel does not wait for the reader
  void* consumer_ = nullptr;
  void* producer_ = nullptr;
  const uint8_t* data_ = nullptr;
  uint64_t scanned_ = 0;  // where the last Scan ended
  bool gapless_ = false;  // no record that it looked at was discarded
};
