#include "map.h"

#include <linux/bpf.h>

#include <cstring>

#include "addon.h"
#include "handle.h"
#include "job.h"
#include "values.h"

namespace {

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), -EINVAL);
}

Napi::Value MapName(const Napi::CallbackInfo& info) {
  return TextOf<Map>(info, bpf_map__name);
}
Napi::Value MapType(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__type);
}
Napi::Value MapKeySize(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__key_size);
}
Napi::Value MapValueSize(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__value_size);
}
Napi::Value MapMaxEntries(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__max_entries);
}
Napi::Value MapFlags(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__map_flags);
}
Napi::Value MapIsInternal(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__is_internal);
}
Napi::Value MapFd(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__fd);
}

Napi::Value MapSetMaxEntries(const Napi::CallbackInfo& info) {
  uint32_t count = 0;
  if (!Read(info[1], &count)) return Invalid(info);
  return NumberOf<Map>(info, [=](bpf_map* map) {
    // libbpf would map `count` times a data section's size over memory that is not its own.
    return bpf_map__is_internal(map) ? -EINVAL : bpf_map__set_max_entries(map, count);
  });
}

Napi::Value MapSetValueSize(const Napi::CallbackInfo& info) {
  uint32_t size = 0;
  if (!Read(info[1], &size)) return Invalid(info);
  return NumberOf<Map>(info, [=](bpf_map* map) { return bpf_map__set_value_size(map, size); });
}

// libbpf checks key and value sizes against the map's own in each of these, per-CPU strides included.
Napi::Value MapLookupElem(const Napi::CallbackInfo& info) {
  Bytes key, value;
  uint64_t flags = 0;
  if (!Read(info[1], &key) || !Read(info[2], &value) || !Read(info[3], &flags)) return Invalid(info);
  return NumberOf<Map>(info, [=](bpf_map* map) {
    return bpf_map__lookup_elem(map, key.data, key.size, value.data, value.size, flags);
  });
}

Napi::Value MapUpdateElem(const Napi::CallbackInfo& info) {
  Bytes key, value;
  uint64_t flags = 0;
  if (!Read(info[1], &key) || !Read(info[2], &value) || !Read(info[3], &flags)) return Invalid(info);
  return NumberOf<Map>(info, [=](bpf_map* map) {
    return bpf_map__update_elem(map, key.data, key.size, value.data, value.size, flags);
  });
}

Napi::Value MapDeleteElem(const Napi::CallbackInfo& info) {
  Bytes key;
  if (!Read(info[1], &key)) return Invalid(info);
  return NumberOf<Map>(info, [=](bpf_map* map) { return bpf_map__delete_elem(map, key.data, key.size, 0); });
}

// A null key asks for the first one.
Napi::Value MapGetNextKey(const Napi::CallbackInfo& info) {
  Bytes key, next;
  if ((!info[1].IsNull() && !Read(info[1], &key)) || !Read(info[2], &next)) return Invalid(info);
  const void* current = info[1].IsNull() ? nullptr : key.data;
  if (current != nullptr && key.size != next.size) return Invalid(info);
  return NumberOf<Map>(
      info, [=](bpf_map* map) { return bpf_map__get_next_key(map, current, next.data, next.size); });
}

// A data section's memory: before load the initial value, after it the map itself, both mapped by libbpf.
struct Section {
  uint8_t* data = nullptr;
  size_t size = 0;

  explicit Section(bpf_map* map) { data = static_cast<uint8_t*>(bpf_map__initial_value(map, &size)); }
  bool Holds(uint64_t offset, size_t length) const {
    return data != nullptr && offset <= size && length <= size - offset;
  }
};

Napi::Value MapReadValue(const Napi::CallbackInfo& info) {
  uint64_t offset = 0;
  Bytes out;
  if (!Read(info[1], &offset) || !Read(info[2], &out)) return Invalid(info);
  return NumberOf<Map>(info, [=](bpf_map* map) {
    const Section section(map);
    if (!section.Holds(offset, out.size)) return -ERANGE;
    memcpy(out.data, section.data + offset, out.size);
    return 0;
  });
}

Napi::Value MapWriteValue(const Napi::CallbackInfo& info) {
  uint64_t offset = 0;
  Bytes bytes;
  auto map = Handle<Map>::Unwrap(info[0]);
  if (!map || !Read(info[1], &offset) || !Read(info[2], &bytes)) return Invalid(info);
  const bool sealed = map->object->load_tried();
  return NumberOf<Map>(info, [=](bpf_map* ptr) {
    // libbpf maps these sections read-only once the kernel has them: writing would be a fault.
    if (sealed && (bpf_map__map_flags(ptr) & BPF_F_RDONLY_PROG) != 0) return -EROFS;
    const Section section(ptr);
    if (!section.Holds(offset, bytes.size)) return -ERANGE;
    memcpy(section.data + offset, bytes.data, bytes.size);
    return 0;
  });
}

Napi::Value MapSectionSize(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, [](bpf_map* map) {
    const Section section(map);
    return section.data == nullptr ? -ENOTSUP : static_cast<int64_t>(section.size);
  });
}

}  // namespace

void RegisterMap(Napi::Object exports) {
  ExportCall(exports, "mapName", MapName);
  ExportCall(exports, "mapType", MapType);
  ExportCall(exports, "mapKeySize", MapKeySize);
  ExportCall(exports, "mapValueSize", MapValueSize);
  ExportCall(exports, "mapMaxEntries", MapMaxEntries);
  ExportCall(exports, "mapFlags", MapFlags);
  ExportCall(exports, "mapIsInternal", MapIsInternal);
  ExportCall(exports, "mapFd", MapFd);
  ExportCall(exports, "mapSetMaxEntries", MapSetMaxEntries);
  ExportCall(exports, "mapSetValueSize", MapSetValueSize);
  ExportCall(exports, "mapLookupElem", MapLookupElem);
  ExportCall(exports, "mapUpdateElem", MapUpdateElem);
  ExportCall(exports, "mapDeleteElem", MapDeleteElem);
  ExportCall(exports, "mapGetNextKey", MapGetNextKey);
  ExportCall(exports, "mapReadValue", MapReadValue);
  ExportCall(exports, "mapWriteValue", MapWriteValue);
  ExportCall(exports, "mapSectionSize", MapSectionSize);
}
