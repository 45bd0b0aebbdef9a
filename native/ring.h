// The user half of a BPF_MAP_TYPE_RINGBUF: its memory, drained in batches with one commit each.
// libbpf's ring_buffer calls back and commits for every record; a crossing into JavaScript wants many at
// once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

class Ring {
 public:
  // Null, with errno set, where the kernel refuses. `size` is the map's max_entries: a power of two of pages.
  static std::unique_ptr<Ring> Map(int map_fd, size_t size);
  ~Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // Copies up to `max_records` into `out`, each as {u32 length, u32 zero, bytes, zero to a multiple of 8},
  // and commits them. -EMSGSIZE when not even the first fits, -EBADMSG when a length cannot be.
  int Drain(uint8_t* out, size_t size, uint32_t max_records);
  // Bytes, headers included, that wait to be read.
  uint64_t Available() const;
  int fd() const { return fd_; }

 private:
  Ring(int fd, size_t size) : fd_(fd), size_(size) {}
  bool MapPages();

  int fd_;       // a duplicate: the map may close first
  size_t size_;  // bytes of data, mapped twice in a row so that a record never wraps
  void* consumer_ = nullptr;
  void* producer_ = nullptr;
  const uint8_t* data_ = nullptr;
};
