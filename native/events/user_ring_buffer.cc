// user_ring_buffer: records on their way to a BPF program. What is reserved is known to JavaScript by number.
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"
#include "../map/map.h"

namespace {

struct Sample {
  void* data;
  uint32_t size;
};

struct UserRingBuffer {
  static constexpr uint64_t kTag = 0x6c62707573657262;

  int map_fd = -1;  // a duplicate: the map may close first
  int epoll = -1;
  user_ring_buffer* ptr = nullptr;  // null once closed
  std::map<uint32_t, Sample> reserved;
  uint32_t last = 0;

  ~UserRingBuffer() { Close(); }
  int Open(const MapView& map);
  // Space until a program has drained some.
  int Watch();
  int Reserve(uint32_t size);
  int Submit(uint32_t number, Bytes bytes);
  int Discard(uint32_t number);
  void Close();
};

int UserRingBuffer::Open(const MapView& map) {
  if (map.type != BPF_MAP_TYPE_USER_RINGBUF) return -EINVAL;
  if (map.fd < 0) return -ENOENT;
  map_fd = fcntl(map.fd, F_DUPFD_CLOEXEC, 0);
  if (map_fd < 0) return -errno;
  ptr = user_ring_buffer__new(map_fd, nullptr);
  return ptr == nullptr ? -errno : Watch();
}

// Edge-triggered: the kernel calls a ring writable that has room for less than somebody waits for
// (ringbuf_map_poll_user() in kernel/bpf/ringbuf.c).
int UserRingBuffer::Watch() {
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) return -errno;
  epoll_event event = {};
  event.events = EPOLLOUT | EPOLLET;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, map_fd, &event) == 0 ? 0 : -errno;
}

int UserRingBuffer::Reserve(uint32_t size) {
  epoll_event event = {};
  epoll_wait(epoll, &event, 1, 0);  // what has been drained until now counts below
  void* data = user_ring_buffer__reserve(ptr, size);
  if (data == nullptr) return -errno;
  last = (last + 1) & INT32_MAX;
  reserved[last] = {data, size};
  return static_cast<int>(last);
}

int UserRingBuffer::Submit(uint32_t number, Bytes bytes) {
  const auto found = reserved.find(number);
  if (found == reserved.end()) return -ENOENT;
  const Sample sample = found->second;
  if (bytes.size > sample.size) return -E2BIG;
  if (bytes.size > 0) memcpy(sample.data, bytes.data, bytes.size);
  memset(static_cast<uint8_t*>(sample.data) + bytes.size, 0, sample.size - bytes.size);
  reserved.erase(found);
  user_ring_buffer__submit(ptr, sample.data);
  return 0;
}

int UserRingBuffer::Discard(uint32_t number) {
  const auto found = reserved.find(number);
  if (found == reserved.end()) return -ENOENT;
  user_ring_buffer__discard(ptr, found->second.data);
  reserved.erase(found);
  return 0;
}

// A reservation that nobody ends would keep every later record from the program.
void UserRingBuffer::Close() {
  for (const auto& [number, sample] : reserved) user_ring_buffer__discard(ptr, sample.data);
  reserved.clear();
  user_ring_buffer__free(ptr);
  ptr = nullptr;
  if (epoll >= 0) close(epoll);
  if (map_fd >= 0) close(map_fd);
  epoll = map_fd = -1;
}

Napi::Value UserRingBufferOpen(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  if (!map) return Napi::Number::New(info.Env(), -EINVAL);
  auto buffer = std::make_shared<UserRingBuffer>();
  const int status = map->Use(false, [&](const MapView& view) { return buffer->Open(view); });
  if (status != 0) return Napi::Number::New(info.Env(), status);
  return Handle<UserRingBuffer>::Wrap(info.Env(), buffer);
}

template <class Body>
Napi::Value OnBuffer(const Napi::CallbackInfo& info, Body body) {
  auto buffer = Handle<UserRingBuffer>::Unwrap(info[0]);
  int answer = -EINVAL;
  if (buffer) answer = buffer->ptr == nullptr ? -EBADF : body(*buffer);
  return Napi::Number::New(info.Env(), answer);
}

Napi::Value UserRingBufferReserve(const Napi::CallbackInfo& info) {
  uint32_t size = 0;
  const bool fits = Read(info[1], &size);
  return OnBuffer(info, [=](UserRingBuffer& buffer) { return fits ? buffer.Reserve(size) : -EINVAL; });
}

// (buffer, number, bytes); what they leave of the record becomes zero.
Napi::Value UserRingBufferSubmit(const Napi::CallbackInfo& info) {
  uint32_t number = 0;
  Bytes bytes;
  const bool fits = ReadFrom(info, 1, &number, &bytes);
  return OnBuffer(info,
                  [=](UserRingBuffer& buffer) { return fits ? buffer.Submit(number, bytes) : -EINVAL; });
}

Napi::Value UserRingBufferDiscard(const Napi::CallbackInfo& info) {
  uint32_t number = 0;
  const bool fits = Read(info[1], &number);
  return OnBuffer(info, [=](UserRingBuffer& buffer) { return fits ? buffer.Discard(number) : -EINVAL; });
}

// Readable when a program has drained something since the last attempt to reserve.
Napi::Value UserRingBufferFd(const Napi::CallbackInfo& info) {
  return OnBuffer(info, [](UserRingBuffer& buffer) { return buffer.epoll; });
}

Napi::Value UserRingBufferClose(const Napi::CallbackInfo& info) {
  auto buffer = Handle<UserRingBuffer>::Unwrap(info[0]);
  if (buffer) buffer->Close();
  return Napi::Number::New(info.Env(), buffer ? 0 : -EINVAL);
}

}  // namespace

void RegisterUserRingBuffer(Napi::Object exports) {
  ExportCall(exports, "userRingBufferOpen", UserRingBufferOpen);
  ExportCall(exports, "userRingBufferReserve", UserRingBufferReserve);
  ExportCall(exports, "userRingBufferSubmit", UserRingBufferSubmit);
  ExportCall(exports, "userRingBufferDiscard", UserRingBufferDiscard);
  ExportCall(exports, "userRingBufferFd", UserRingBufferFd);
  ExportCall(exports, "userRingBufferClose", UserRingBufferClose);
}
