// Memory of a BPF_F_MMAPABLE map, as an ArrayBuffer.
#include "memory.h"

#include <linux/bpf.h>
#include <sys/mman.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/values.h"
#include "map.h"

std::shared_ptr<void> MapShared(int fd, void* address, size_t length) {
  const int flags = MAP_SHARED | (address == nullptr ? 0 : MAP_FIXED_NOREPLACE);
  void* data = mmap(address, length, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (data == MAP_FAILED) return nullptr;
  return {data, [length](void* mapped) { munmap(mapped, length); }};
}

Napi::Value ToArrayBuffer(Napi::Env env, std::shared_ptr<void> memory, size_t length) {
  void* data = memory.get();
  auto* hint = new std::shared_ptr<void>(std::move(memory));
  const auto release = [](napi_env, void*, void* hint) { delete static_cast<std::shared_ptr<void>*>(hint); };
  napi_value buffer = nullptr;
  const napi_status status = napi_create_external_arraybuffer(env, data, length, release, hint, &buffer);
  if (status == napi_ok) return Napi::Value(env, buffer);
  delete hint;
  // Where V8 keeps all its memory in a cage it allows none from outside.
  return Napi::Number::New(env, -EOPNOTSUPP);
}

namespace {

// A mapping keeps its map alive, whatever becomes of descriptors. The kernel checks the length
// (array_map_mmap() in kernel/bpf/arraymap.c).
std::shared_ptr<void> MapArray(const MapView& map, size_t length) {
  // Other kinds have memory too, which is not for everybody: a ring's position is its reader's.
  const bool fits = map.type == BPF_MAP_TYPE_ARRAY && length > 0;
  errno = fits ? 0 : EINVAL;
  return fits ? MapShared(map.fd, nullptr, length) : nullptr;
}

// (map, bytes): writable. Whoever gets the buffer must not pass it on.
Napi::Value MapMmap(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  uint64_t length = 0;
  if (!map || !Read(info[1], &length)) return Napi::Number::New(info.Env(), -EINVAL);
  std::shared_ptr<void> memory;
  const int status = map->Use(false, [&](const MapView& view) {
    memory = MapArray(view, length);
    return memory ? 0 : -errno;
  });
  if (status != 0) return Napi::Number::New(info.Env(), status);
  return ToArrayBuffer(info.Env(), std::move(memory), length);
}

// (buffer): from now on it has no bytes.
Napi::Value MemoryRevoke(const Napi::CallbackInfo& info) {
  const bool fits = info[0].IsArrayBuffer();
  const napi_status status = fits ? napi_detach_arraybuffer(info.Env(), info[0]) : napi_invalid_arg;
  return Napi::Number::New(info.Env(), status == napi_ok ? 0 : -EINVAL);
}

}  // namespace

void RegisterMemory(Napi::Object exports) {
  ExportCall(exports, "mapMmap", MapMmap);
  ExportCall(exports, "memoryRevoke", MemoryRevoke);
}
