// Memory of a BPF_F_MMAPABLE map, as an ArrayBuffer.
#include <linux/bpf.h>
#include <sys/mman.h>

#include <cerrno>

#include "addon.h"
#include "job.h"
#include "map.h"
#include "values.h"

namespace {

// A mapping keeps its map alive, whatever becomes of descriptors. The kernel checks the length.
void* MapMemory(const MapView& map, size_t length) {
  // Other kinds have memory too, which is not for everybody: a ring's position is its reader's.
  const bool fits = map.type == BPF_MAP_TYPE_ARRAY && length > 0;
  errno = fits ? 0 : EINVAL;
  return fits ? mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, map.fd, 0) : MAP_FAILED;
}

void Unmap(napi_env, void* data, void* length) {
  munmap(data, reinterpret_cast<size_t>(length));
}

Napi::Value ToArrayBuffer(Napi::Env env, void* data, size_t length) {
  napi_value buffer = nullptr;
  const auto hint = reinterpret_cast<void*>(length);
  const napi_status status = napi_create_external_arraybuffer(env, data, length, Unmap, hint, &buffer);
  if (status == napi_ok) return Napi::Value(env, buffer);
  Unmap(env, data, hint);
  // Where V8 keeps all its memory in a cage it allows none from outside.
  return Napi::Number::New(env, -EOPNOTSUPP);
}

// (map, bytes): writable. The memory is unmapped once the buffer is detached or collected, not before:
// nothing can reach it then. Whoever gets the buffer must not pass it on.
Napi::Value MapMmap(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  uint64_t length = 0;
  if (!map || !Read(info[1], &length)) return Napi::Number::New(info.Env(), -EINVAL);
  void* data = MAP_FAILED;
  const int status = map->Use(false, [&](const MapView& view) {
    data = MapMemory(view, length);
    return data == MAP_FAILED ? -errno : 0;
  });
  return status == 0 ? ToArrayBuffer(info.Env(), data, length) : Napi::Number::New(info.Env(), status);
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
