#include <linux/bpf.h>

#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"
#include "../map/map.h"
#include "ring.h"

namespace {

// What a reader holds.
struct RingBuffer {
  static constexpr uint64_t kTag = 0x6c627072696e6762;

  std::unique_ptr<Ring> ring;  // null once closed
};

int Open(const MapView& map, RingBuffer* out) {
  if (map.type != BPF_MAP_TYPE_RINGBUF) return -EINVAL;
  if (map.fd < 0) return -ENOENT;
  const bool overwrites = (map.flags & BPF_F_RB_OVERWRITE) != 0;
  out->ring = Ring::Map(map.fd, map.max_entries, overwrites);
  return out->ring ? 0 : -errno;
}

Napi::Value RingBufferOpen(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  if (!map) return Napi::Number::New(info.Env(), -EINVAL);
  auto buffer = std::make_shared<RingBuffer>();
  const int status = map->Use(false, [&](const MapView& view) { return Open(view, buffer.get()); });
  if (status != 0) return Napi::Number::New(info.Env(), status);
  return Handle<RingBuffer>::Wrap(info.Env(), buffer);
}

template <class Body>
Napi::Value OnRing(const Napi::CallbackInfo& info, Body body) {
  auto buffer = Handle<RingBuffer>::Unwrap(info[0]);
  int64_t answer = -EINVAL;
  if (buffer) answer = buffer->ring ? static_cast<int64_t>(body(*buffer)) : -EBADF;
  return Napi::Number::New(info.Env(), static_cast<double>(answer));
}

// The report goes into the last argument, as the words of a Ring::Report.
Napi::Value RingBufferDrain(const Napi::CallbackInfo& info) {
  Bytes out, words;
  uint32_t max_records = 0;
  const bool fits = Read(info[1], &out) && Read(info[2], &max_records) && Read(info[3], &words);
  if (!fits || words.size < sizeof(Ring::Report)) return Napi::Number::New(info.Env(), -EINVAL);
  return OnRing(info, [=](RingBuffer& buffer) {
    Ring::Report report;
    const int count = buffer.ring->Drain(out.data, out.size, max_records, &report);
    memcpy(words.data, &report, sizeof(report));
    return count;
  });
}

// (ring, out, size, records, report): what fits into `out` is taken at once, which is a crossing less.
// -EINVAL with BPF_F_RB_OVERWRITE: there records are read at once or not at all.
Napi::Value RingBufferScan(const Napi::CallbackInfo& info) {
  Bytes out, words;
  uint32_t size = 0, max_records = 0;
  const bool fits = ReadFrom(info, 1, &out, &size, &max_records, &words);
  if (!fits || words.size < sizeof(Ring::Report)) return Napi::Number::New(info.Env(), -EINVAL);
  return OnRing(info, [=](RingBuffer& buffer) {
    if (buffer.ring->overwrites()) return -EINVAL;
    Ring::Report report;
    const int count = buffer.ring->Scan(size, max_records, &report);
    if (count > 0 && report.used <= out.size) report.copied = buffer.ring->Take(out.data, out.size) == 0;
    memcpy(words.data, &report, sizeof(report));
    return count;
  });
}

Napi::Value RingBufferTake(const Napi::CallbackInfo& info) {
  Bytes out;
  if (!Read(info[1], &out)) return Napi::Number::New(info.Env(), -EINVAL);
  return OnRing(info, [=](RingBuffer& buffer) {
    return buffer.ring->overwrites() ? -EINVAL : buffer.ring->Take(out.data, out.size);
  });
}

Napi::Value RingBufferSkip(const Napi::CallbackInfo& info) {
  return OnRing(info, [](RingBuffer& buffer) {
    if (buffer.ring->overwrites()) return -EINVAL;
    buffer.ring->Skip();
    return 0;
  });
}

Napi::Value RingBufferAvailable(const Napi::CallbackInfo& info) {
  return OnRing(info, [](RingBuffer& buffer) { return buffer.ring->Available(); });
}

Napi::Value RingBufferFd(const Napi::CallbackInfo& info) {
  return OnRing(info, [](RingBuffer& buffer) { return buffer.ring->fd(); });
}

Napi::Value RingBufferClose(const Napi::CallbackInfo& info) {
  auto buffer = Handle<RingBuffer>::Unwrap(info[0]);
  if (buffer) buffer->ring.reset();
  return Napi::Number::New(info.Env(), buffer ? 0 : -EINVAL);
}

}  // namespace

void RegisterRingBuffer(Napi::Object exports) {
  ExportCall(exports, "ringBufferOpen", RingBufferOpen);
  ExportCall(exports, "ringBufferDrain", RingBufferDrain);
  ExportCall(exports, "ringBufferScan", RingBufferScan);
  ExportCall(exports, "ringBufferTake", RingBufferTake);
  ExportCall(exports, "ringBufferSkip", RingBufferSkip);
  ExportCall(exports, "ringBufferAvailable", RingBufferAvailable);
  ExportCall(exports, "ringBufferFd", RingBufferFd);
  ExportCall(exports, "ringBufferClose", RingBufferClose);
}
