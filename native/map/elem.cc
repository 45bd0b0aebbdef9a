// One element at a time. Sizes are checked here, against those of the map itself.
#include <bpf.h>
#include <linux/bpf.h>

#include <cerrno>
#include <vector>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/values.h"
#include "map.h"

size_t MapView::EntrySize() const {
  switch (type) {
    case BPF_MAP_TYPE_PERCPU_HASH:
    case BPF_MAP_TYPE_PERCPU_ARRAY:
    case BPF_MAP_TYPE_LRU_PERCPU_HASH:
    case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
      return (value_size + 7) / 8 * 8 * libbpf_num_possible_cpus();
    default:
      return value_size;
  }
}

namespace {

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), -EINVAL);
}

// Without keys the pointer has to be null too (__bpf_copy_key() in kernel/bpf/syscall.c).
const void* KeyOf(const Bytes& key) {
  return key.size == 0 ? nullptr : key.data;
}

bool OneCpu(uint64_t flags) {
  return (flags & (BPF_F_CPU | BPF_F_ALL_CPUS)) != 0;
}

// Runs `call` with memory for a whole entry. For a single CPU's value that is not the caller's: a kernel that
// does not know the flags copies the value of every CPU before it refuses (map_lookup_elem() in
// kernel/bpf/syscall.c).
template <class Call>
int WithEntry(const MapView& map, const Bytes& key, const Bytes& value, uint64_t flags, Call call) {
  if (map.fd < 0) return -EBADF;
  if (key.size != map.key_size) return -EINVAL;
  if (!OneCpu(flags)) return value.size == map.EntrySize() ? call(value.data) : -EINVAL;
  if (value.size != map.value_size || map.EntrySize() == map.value_size) return -EINVAL;
  std::vector<uint8_t> whole(map.EntrySize());
  std::copy_n(value.data, value.size, whole.data());
  const int status = call(whole.data());
  std::copy_n(whole.data(), value.size, value.data);
  return status;
}

using Function3 = int (*)(int fd, const void* key, void* value, uint64_t flags);

// (map, key, value, flags).
Napi::Value OnEntry(const Napi::CallbackInfo& info, Function3 function) {
  Bytes key, value;
  uint64_t flags = 0;
  if (!ReadFrom(info, 1, &key, &value, &flags)) return Invalid(info);
  return NumberOfView(info, [&](const MapView& map) {
    return WithEntry(map, key, value, flags,
                     [&](uint8_t* bytes) { return function(map.fd, KeyOf(key), bytes, flags); });
  });
}

Napi::Value MapLookupElem(const Napi::CallbackInfo& info) {
  return OnEntry(info, [](int fd, const void* key, void* value, uint64_t flags) {
    return bpf_map_lookup_elem_flags(fd, key, value, flags);
  });
}

Napi::Value MapUpdateElem(const Napi::CallbackInfo& info) {
  return OnEntry(info, [](int fd, const void* key, void* value, uint64_t flags) {
    return bpf_map_update_elem(fd, key, value, flags);
  });
}

Napi::Value MapLookupAndDeleteElem(const Napi::CallbackInfo& info) {
  return OnEntry(info, [](int fd, const void* key, void* value, uint64_t flags) {
    return bpf_map_lookup_and_delete_elem_flags(fd, key, value, flags);
  });
}

// (map, key).
Napi::Value MapDeleteElem(const Napi::CallbackInfo& info) {
  Bytes key;
  if (!ReadFrom(info, 1, &key)) return Invalid(info);
  return NumberOfView(info, [&](const MapView& map) {
    if (map.fd < 0) return -EBADF;
    return key.size == map.key_size ? bpf_map_delete_elem(map.fd, KeyOf(key)) : -EINVAL;
  });
}

// (map, key, next). A null key asks for the first one.
Napi::Value MapGetNextKey(const Napi::CallbackInfo& info) {
  Bytes key, next;
  const bool first = info[1].IsNull();
  if ((!first && !Read(info[1], &key)) || !Read(info[2], &next)) return Invalid(info);
  return NumberOfView(info, [&](const MapView& map) {
    if (map.fd < 0) return -EBADF;
    if (next.size != map.key_size || (!first && key.size != map.key_size)) return -EINVAL;
    return bpf_map_get_next_key(map.fd, first ? nullptr : KeyOf(key), next.data);
  });
}

}  // namespace

void RegisterMapElem(Napi::Object exports) {
  ExportCall(exports, "mapLookupElem", MapLookupElem);
  ExportCall(exports, "mapUpdateElem", MapUpdateElem);
  ExportCall(exports, "mapLookupAndDeleteElem", MapLookupAndDeleteElem);
  ExportCall(exports, "mapDeleteElem", MapDeleteElem);
  ExportCall(exports, "mapGetNextKey", MapGetNextKey);
}
