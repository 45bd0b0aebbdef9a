// A perf event of ours: a descriptor to count with, to write into, and to map.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <memory>

#include "perf_ring.h"

struct PerfEvent {
  static constexpr uint64_t kTag = 0x6c62707065726665;

  explicit PerfEvent(int fd) : fd(fd) {}
  ~PerfEvent() { Close(); }
  PerfEvent(const PerfEvent&) = delete;
  PerfEvent& operator=(const PerfEvent&) = delete;

  int Map(size_t size, bool backward) {
    if (ring) return -EEXIST;
    ring = PerfRing::Map(fd, size, backward);
    return ring ? 0 : -errno;
  }
  void Close() {
    ring.reset();
    if (fd >= 0) close(fd);
    fd = -1;
  }

  int fd;  // negative once closed
  std::unique_ptr<PerfRing> ring;
};
