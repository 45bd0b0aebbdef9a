// Calls on one element, bound to memory that JavaScript sees too: passing buffers each time costs more than
// all else that a call does outside the kernel.
#include <bpf.h>
#include <linux/types.h>

#include <cerrno>
#include <cstdlib>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/values.h"
#include "map.h"
#include "memory.h"

namespace {

// Room for a key and, eight-aligned behind it, an entry.
class Bound {
 public:
  Bound(std::shared_ptr<Map> map, const MapView& view)
      : map_(std::move(map)),
        key_size_(view.key_size),
        entry_size_(view.EntrySize()),
        bytes_(static_cast<uint8_t*>(calloc(1, size())), free) {}

  size_t size() const { return entry_at() + entry_size_; }
  const std::shared_ptr<uint8_t>& bytes() const { return bytes_; }

  using Call = int (*)(int fd, const void* key, void* entry, __u64 flags);

  int Run(uint64_t flags, Call call) const {
    return map_->UseFd(false, [&](int fd) {
      return call(fd, key_size_ == 0 ? nullptr : bytes_.get(), bytes_.get() + entry_at(), flags);
    });
  }

 private:
  size_t entry_at() const { return (key_size_ + 7) / 8 * 8; }

  const std::shared_ptr<Map> map_;
  const size_t key_size_;
  const size_t entry_size_;
  const std::shared_ptr<uint8_t> bytes_;  // the ArrayBuffer over it may be gone, or the calls
};

using Owner = std::shared_ptr<Bound>;

// (flags), 0 where they are not given. Undefined for success. Bare Node-API, for this is what programs call
// most: a number in and one out are a tenth of a call.
template <Bound::Call kCall>
napi_value Run(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value given = nullptr;
  void* data = nullptr;
  if (napi_get_cb_info(env, info, &count, &given, nullptr, &data) != napi_ok) return nullptr;
  uint64_t flags = 0;
  const bool fits = count == 0 || Read(Napi::Value(env, given), &flags);
  const int status = fits ? (*static_cast<Owner*>(data))->Run(flags, kCall) : -EINVAL;
  return status == 0 ? nullptr : static_cast<napi_value>(Napi::Number::New(env, status));
}

int Update(int fd, const void* key, void* entry, __u64 flags) {
  return bpf_map_update_elem(fd, key, entry, flags);
}

int Delete(int fd, const void* key, void*, __u64) {
  return bpf_map_delete_elem(fd, key);
}

template <Bound::Call kCall>
void Export(Napi::Object calls, const char* name, const Owner& bound) {
  auto* owner = new Owner(bound);
  napi_value value = nullptr;
  const auto status = napi_create_function(calls.Env(), name, NAPI_AUTO_LENGTH, Run<kCall>, owner, &value);
  if (status != napi_ok) {
    delete owner;
    return;
  }
  Napi::Function function(calls.Env(), value);
  function.AddFinalizer([](Napi::Env, Owner* data) { delete data; }, owner);
  calls.Set(name, function);
}

// (map, key size, entry size): the memory, and the calls on what is in it.
Napi::Value MapBind(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  uint64_t key_size = 0, entry_size = 0;
  if (!map || !ReadFrom(info, 1, &key_size, &entry_size)) return Napi::Number::New(info.Env(), -EINVAL);
  Owner bound;
  const int status = map->Use(false, [&](const MapView& view) {
    // From here on the sizes stay as they are: bpf_map__set_value_size() in libbpf.c and its like say EBUSY
    // after load.
    if (view.fd < 0) return -EBADF;
    if (view.key_size != key_size || view.EntrySize() != entry_size) return -EINVAL;
    bound = std::make_shared<Bound>(map, view);
    return bound->bytes() ? 0 : -ENOMEM;
  });
  if (status != 0) return Napi::Number::New(info.Env(), status);
  const Napi::Value memory = ToArrayBuffer(info.Env(), bound->bytes(), bound->size());
  if (memory.IsNumber()) return memory;
  auto calls = Napi::Object::New(info.Env());
  calls.Set("memory", memory);
  Export<bpf_map_lookup_elem_flags>(calls, "lookup", bound);
  Export<bpf_map_lookup_and_delete_elem_flags>(calls, "lookupAndDelete", bound);
  Export<Update>(calls, "update", bound);
  Export<Delete>(calls, "delete", bound);
  return calls;
}

}  // namespace

void RegisterMapBound(Napi::Object exports) {
  ExportCall(exports, "mapBind", MapBind);
}
