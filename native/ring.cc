#include "ring.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace {

// https://docs.kernel.org/bpf/ringbuf.html: a page for each position, then the data, twice.
size_t PageSize() {
  return sysconf(_SC_PAGESIZE);
}

size_t RoundUp8(size_t size) {
  return (size + 7) & ~size_t{7};
}

uint64_t Load(const void* position) {
  return __atomic_load_n(static_cast<const uint64_t*>(position), __ATOMIC_ACQUIRE);
}

void Store(void* position, uint64_t value) {
  __atomic_store_n(static_cast<uint64_t*>(position), value, __ATOMIC_RELEASE);
}

void Pack(uint8_t* out, const uint8_t* sample, uint32_t length) {
  const uint32_t header[2] = {length, 0};
  memcpy(out, header, sizeof(header));
  memcpy(out + sizeof(header), sample, RoundUp8(length));
}

}  // namespace

std::unique_ptr<Ring> Ring::Map(int map_fd, size_t size) {
  const int fd = fcntl(map_fd, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return nullptr;
  std::unique_ptr<Ring> ring(new Ring(fd, size));
  return ring->MapPages() ? std::move(ring) : nullptr;
}

bool Ring::MapPages() {
  const size_t page = PageSize();
  consumer_ = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (consumer_ == MAP_FAILED) return false;
  producer_ = mmap(nullptr, page + 2 * size_, PROT_READ, MAP_SHARED, fd_, static_cast<off_t>(page));
  if (producer_ == MAP_FAILED) return false;
  data_ = static_cast<const uint8_t*>(producer_) + page;
  return true;
}

Ring::~Ring() {
  const size_t page = PageSize();
  if (consumer_ != nullptr && consumer_ != MAP_FAILED) munmap(consumer_, page);
  if (producer_ != nullptr && producer_ != MAP_FAILED) munmap(producer_, page + 2 * size_);
  close(fd_);
}

uint64_t Ring::Available() const {
  return Load(producer_) - Load(consumer_);
}

int Ring::Drain(uint8_t* out, size_t size, uint32_t max_records) {
  uint64_t position = Load(consumer_);
  const uint64_t end = Load(producer_);
  size_t used = 0;
  uint32_t count = 0;
  int status = 0;
  while (position < end && count < max_records) {
    const uint8_t* header = data_ + (position & (size_ - 1));
    const uint32_t length = __atomic_load_n(reinterpret_cast<const uint32_t*>(header), __ATOMIC_ACQUIRE);
    if ((length & BPF_RINGBUF_BUSY_BIT) != 0) break;
    const uint32_t bytes = length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
    const size_t step = RoundUp8(size_t{bytes} + BPF_RINGBUF_HDR_SZ);
    if (step > end - position || step > size_) {
      status = -EBADMSG;
      break;
    }
    if ((length & BPF_RINGBUF_DISCARD_BIT) == 0) {
      if (step > size - used) {
        status = -EMSGSIZE;
        break;
      }
      Pack(out + used, header + BPF_RINGBUF_HDR_SZ, bytes);
      used += step;
      count++;
    }
    position += step;
  }
  Store(consumer_, position);
  return count > 0 ? static_cast<int>(count) : status;
}
