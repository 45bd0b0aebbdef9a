#include "ring.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ring_position.h"
#include "ring_record.h"

namespace {

// https://docs.kernel.org/bpf/ringbuf.html: a page for each position, then the data, twice.
size_t PageSize() {
  return sysconf(_SC_PAGESIZE);
}

}  // namespace

std::unique_ptr<Ring> Ring::Map(int map_fd, size_t size, bool overwrites) {
  const int fd = fcntl(map_fd, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return nullptr;
  std::unique_ptr<Ring> ring(new Ring(fd, size, overwrites));
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

// Behind the producer's position stand that of the oldest record not yet submitted, which is the kernel's own
// affair, and that of the oldest record which was not written over (struct bpf_ringbuf in
// kernel/bpf/ringbuf.c).
uint64_t Ring::Overwritten() const {
  return overwrites_ ? Load(static_cast<const uint64_t*>(producer_) + 2) : 0;
}

uint64_t Ring::Available() const {
  const uint64_t start = std::max(Load(consumer_), Overwritten());
  return Load(producer_) - start;
}

int Ring::Drain(uint8_t* out, size_t size, uint32_t max_records, Report* report) {
  return Drain(out, size, max_records, Load(producer_), report);
}

int Ring::Drain(uint8_t* out, size_t size, uint32_t max_records, uint64_t end, Report* report) {
  const uint64_t consumed = Load(consumer_);
  uint64_t position = std::max(consumed, Overwritten());
  *report = {};
  report->waiting = static_cast<uint32_t>(end - position);
  report->lost = static_cast<uint32_t>(position - consumed);
  Packing packing(out, size, report);
  const auto walk = overwrites_ ? &Ring::WalkOverwritten : &Ring::Walk;
  const int status = (this->*walk)(&position, end, max_records, &packing);
  if (position != consumed) Store(consumer_, position);
  return packing.count() > 0 ? static_cast<int>(packing.count()) : status;
}

int Ring::Scan(size_t size, uint32_t max_records, Report* report) {
  const uint64_t start = Load(consumer_);
  const uint64_t end = Load(producer_);
  uint64_t position = start;
  size_t used = 0;
  uint32_t count = 0, first = 0, differs = 0;
  int status = 0;
  *report = {};
  report->waiting = static_cast<uint32_t>(end - start);
  while (position < end && count < max_records) {
    const RecordHeader header(At(position));
    if (header.busy()) break;
    const size_t step = header.step();
    if (step > end - position) {
      status = -EBADMSG;
      break;
    }
    if (header.discarded()) {
      position += step;
      continue;
    }
    if (step > size - used) {
      report->needed = step;
      status = -EMSGSIZE;
      break;
    }
    if (count == 0) first = header.word;
    differs |= first ^ header.word;
    const uint64_t room = std::min<uint64_t>(end - position, size - used);
    const uint32_t alike = Alike(position, header, room, max_records - count);
    count += alike;
    used += alike * step;
    position += alike * step;
  }
  report->used = used;
  report->length = differs == 0 ? first : kMixed;
  scanned_ = position;
  gapless_ = used == position - start;
  // Discarded records alone are nothing to come back for.
  if (count == 0) Skip();
  return count > 0 ? static_cast<int>(count) : status;
}

int Ring::Take(uint8_t* out, size_t size) {
  const uint64_t start = Load(consumer_);
  const size_t bytes = scanned_ - start;
  Report report;
  if (!gapless_) return std::min(0, Drain(out, size, UINT32_MAX, scanned_, &report));
  if (bytes > size) return -EMSGSIZE;
  if (bytes > 0) memcpy(out, At(start), bytes);
  Skip();
  return 0;
}

void Ring::Skip() {
  if (scanned_ != Load(consumer_)) Store(consumer_, scanned_);
}

int Ring::Walk(uint64_t* position, uint64_t end, uint32_t max_records, Packing* packing) const {
  int status = 0;
  while (*position < end && packing->count() < max_records) {
    const uint8_t* at = At(*position);
    const RecordHeader header(at);
    if (header.busy()) break;
    const size_t step = header.step();
    if (step > end - *position || step > size_) {
      status = -EBADMSG;
      break;
    }
    if (header.discarded()) {
      packing->Flush();
    } else if (packing->Fits(step)) {
      packing->Add(at, header.length(), step);
    } else {
      packing->report()->needed = step;
      status = -EMSGSIZE;
      break;
    }
    *position += step;
  }
  packing->Flush();
  return status;
}

// A record may be written over while it is copied; then overwrite_pos was moved before
// (__bpf_ringbuf_reserve() in kernel/bpf/ringbuf.c), and the copy is thrown away.
int Ring::WalkOverwritten(uint64_t* position, uint64_t end, uint32_t max_records, Packing* packing) const {
  while (*position < end && packing->count() < max_records) {
    const uint8_t* at = At(*position);
    const RecordHeader header(at);
    const size_t step = header.step();
    const bool possible = !header.busy() && step <= end - *position && step <= size_;
    const bool wanted = possible && !header.discarded();
    const bool fits = packing->Fits(step);
    if (wanted && fits) {
      packing->Add(at, header.length(), step);
      packing->Flush();
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    const uint64_t whole = Overwritten();
    if (whole > *position) {
      if (wanted && fits) packing->Undo(step);
      packing->report()->lost += static_cast<uint32_t>(whole - *position);
      *position = whole;
      continue;
    }
    if (header.busy()) return 0;
    if (!possible) return -EBADMSG;
    if (wanted && !fits) {
      packing->report()->needed = step;
      return -EMSGSIZE;
    }
    *position += step;
  }
  return 0;
}
