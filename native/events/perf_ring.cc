#include "perf_ring.h"

#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace {

// Bytes of a sample in front of its raw data: the header, maybe the time, the data's length.
constexpr size_t kHeader = sizeof(perf_event_header);
constexpr size_t kPacked = 8;

size_t RoundUp8(size_t size) {
  return (size + 7) & ~size_t{7};
}

size_t PageSize() {
  return sysconf(_SC_PAGESIZE);
}

perf_event_mmap_page* Page(void* page) {
  return static_cast<perf_event_mmap_page*>(page);
}

}  // namespace

std::unique_ptr<PerfRing> PerfRing::Map(int fd, size_t size, bool backward) {
  if (size == 0 || (size & (size - 1)) != 0 || size % PageSize() != 0) {
    errno = EINVAL;
    return nullptr;
  }
  std::unique_ptr<PerfRing> ring(new PerfRing(size, backward));
  // Without write access the kernel does not wait for a reader (ring_buffer_init() in
  // kernel/events/ring_buffer.c).
  const int protection = backward ? PROT_READ : PROT_READ | PROT_WRITE;
  void* page = mmap(nullptr, PageSize() + size, protection, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) return nullptr;
  ring->page_ = page;
  ring->data_ = static_cast<const uint8_t*>(page) + PageSize();
  return ring;
}

PerfRing::~PerfRing() {
  if (page_ != nullptr) munmap(page_, PageSize() + size_);
}

uint64_t PerfRing::Available() const {
  const uint64_t head = __atomic_load_n(&Page(page_)->data_head, __ATOMIC_ACQUIRE);
  return backward_ ? std::min<uint64_t>(seen_ - head, size_) : head - Page(page_)->data_tail;
}

int PerfRing::Drain(uint8_t* out, size_t size, uint32_t max_records, uint32_t note, bool timed,
                    Report* report) {
  *report = {};
  return backward_ ? Backward(out, size, note, timed, report)
                   : Forward(out, size, max_records, note, timed, report);
}

// Bytes may lie on both sides of the memory's end.
void PerfRing::Copy(uint64_t position, void* out, size_t length) const {
  const size_t at = position & (size_ - 1);
  const size_t first = std::min(length, size_ - at);
  memcpy(out, data_ + at, first);
  memcpy(static_cast<uint8_t*>(out) + first, data_, length - first);
}

// Whether a record of a length that can be lies between two positions.
bool PerfRing::Fits(uint64_t position, uint64_t end, size_t* length) const {
  perf_event_header header;
  if (end - position < kHeader) return false;
  Copy(position, &header, kHeader);
  *length = header.size;
  return header.size >= kHeader && header.size % 8 == 0 && header.size <= end - position;
}

int PerfRing::Forward(uint8_t* out, size_t size, uint32_t max_records, uint32_t note, bool timed,
                      Report* report) {
  const uint64_t head = __atomic_load_n(&Page(page_)->data_head, __ATOMIC_ACQUIRE);
  uint64_t position = Page(page_)->data_tail;
  if (head - position > size_) position = head - size_;
  uint32_t count = 0;
  int status = 0;
  while (position != head && count < max_records) {
    size_t length = 0;
    if (!Fits(position, head, &length)) {
      position = head;
      status = -EBADMSG;
      break;
    }
    status = Pack(position, length, out, size, note, timed, report);
    if (status < 0) break;
    count += status;
    position += length;
  }
  __atomic_store_n(&Page(page_)->data_tail, position, __ATOMIC_RELEASE);
  return count > 0 ? static_cast<int>(count) : std::min(status, 0);
}

// Output is paused by the caller. The newest record comes first in memory and last in `out`.
int PerfRing::Backward(uint8_t* out, size_t size, uint32_t note, bool timed, Report* report) {
  const uint64_t head = __atomic_load_n(&Page(page_)->data_head, __ATOMIC_ACQUIRE);
  const uint64_t end = head + std::min<uint64_t>(seen_ - head, size_);
  std::vector<std::pair<uint64_t, size_t>> records;
  size_t length = 0;
  // The last one may be half overwritten: then it does not fit.
  for (uint64_t position = head; Fits(position, end, &length); position += length)
    records.emplace_back(position, length);
  int count = 0;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    const int status = Pack(record->first, record->second, out, size, note, timed, report);
    if (status < 0) return status;
    count += status;
  }
  seen_ = head;
  return count;
}

// 1 for a sample that was packed, 0 for a record of another type (perf_event_open(2)).
int PerfRing::Pack(uint64_t position, size_t length, uint8_t* out, size_t size, uint32_t note, bool timed,
                   Report* report) {
  perf_event_header header;
  Copy(position, &header, kHeader);
  uint64_t words[2] = {};
  if (header.type == PERF_RECORD_LOST && length >= kHeader + sizeof(words)) {
    Copy(position + kHeader, words, sizeof(words));
    report->lost += words[1];
  }
  const size_t time = timed ? sizeof(uint64_t) : 0;
  const size_t before = kHeader + time + sizeof(uint32_t);
  if (header.type != PERF_RECORD_SAMPLE || length < before) return 0;
  uint32_t raw = 0;
  Copy(position + kHeader + time, &raw, sizeof(raw));
  raw = std::min<uint32_t>(raw, static_cast<uint32_t>(length - before));
  const size_t step = kPacked + RoundUp8(time + raw);
  if (step > size - report->used) {
    report->needed = static_cast<uint32_t>(step);
    return -EMSGSIZE;
  }
  uint8_t* to = out + report->used;
  const uint32_t packed[2] = {static_cast<uint32_t>(time + raw), note};
  memcpy(to, packed, kPacked);
  memset(to + step - 8, 0, 8);
  Copy(position + kHeader, to + kPacked, time);
  Copy(position + before, to + kPacked + time, raw);
  report->used += static_cast<uint32_t>(step);
  return 1;
}
