#include <cerrno>

#include "addon.h"
#include "handle.h"
#include "job.h"
#include "map.h"
#include "ring.h"
#include "values.h"
#include "watcher.h"

namespace {

// What a reader holds: the memory, and the watcher that tells when there is something in it.
struct RingBuffer {
  static constexpr uint64_t kTag = 0x6c627072696e6762;

  std::unique_ptr<Ring> ring;  // null once closed
  std::shared_ptr<Watcher> watcher;

  ~RingBuffer() { Close(); }
  void Close() {
    if (watcher) watcher->Close();
    watcher.reset();
    ring.reset();
  }
};

int Open(Napi::Env env, const MapView& map, Napi::Function callback, RingBuffer* out) {
  if (map.type != BPF_MAP_TYPE_RINGBUF) return -EINVAL;
  if (map.fd < 0) return -ENOENT;
  out->ring = Ring::Map(map.fd, map.max_entries);
  if (!out->ring) return -errno;
  int status = 0;
  out->watcher = Watcher::New(env, out->ring->fd(), callback, &status);
  return status;
}

Napi::Value RingBufferOpen(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  if (!map || !info[1].IsFunction()) return Napi::Number::New(info.Env(), -EINVAL);
  auto buffer = std::make_shared<RingBuffer>();
  const auto open = [&](const MapView& view) {
    return Open(info.Env(), view, info[1].As<Napi::Function>(), buffer.get());
  };
  const int status = map->Use(false, open);
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

Napi::Value RingBufferDrain(const Napi::CallbackInfo& info) {
  Bytes out;
  uint32_t max_records = 0;
  if (!Read(info[1], &out) || !Read(info[2], &max_records)) return Napi::Number::New(info.Env(), -EINVAL);
  return OnRing(info,
                [=](RingBuffer& buffer) { return buffer.ring->Drain(out.data, out.size, max_records); });
}

Napi::Value RingBufferAvailable(const Napi::CallbackInfo& info) {
  return OnRing(info, [](RingBuffer& buffer) { return buffer.ring->Available(); });
}

Napi::Value RingBufferArm(const Napi::CallbackInfo& info) {
  return OnRing(info, [](RingBuffer& buffer) { return buffer.watcher->Arm(); });
}

Napi::Value RingBufferDisarm(const Napi::CallbackInfo& info) {
  return OnRing(info, [](RingBuffer& buffer) {
    buffer.watcher->Disarm();
    return 0;
  });
}

Napi::Value RingBufferClose(const Napi::CallbackInfo& info) {
  auto buffer = Handle<RingBuffer>::Unwrap(info[0]);
  if (buffer) buffer->Close();
  return Napi::Number::New(info.Env(), buffer ? 0 : -EINVAL);
}

}  // namespace

void RegisterRingBuffer(Napi::Object exports) {
  ExportCall(exports, "ringBufferOpen", RingBufferOpen);
  ExportCall(exports, "ringBufferDrain", RingBufferDrain);
  ExportCall(exports, "ringBufferAvailable", RingBufferAvailable);
  ExportCall(exports, "ringBufferArm", RingBufferArm);
  ExportCall(exports, "ringBufferDisarm", RingBufferDisarm);
  ExportCall(exports, "ringBufferClose", RingBufferClose);
}
