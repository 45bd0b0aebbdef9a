#include "map.h"

#include <linux/bpf.h>

#include <cstring>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"

namespace {

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), -EINVAL);
}

Napi::Value MapName(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  if (map && map->bare) return Napi::String::New(info.Env(), map->bare->info().name);
  return TextOf<Map>(info, bpf_map__name);
}
Napi::Value MapType(const Napi::CallbackInfo& info) {
  return NumberOfView(info, [](const MapView& view) { return view.type; });
}
Napi::Value MapKeySize(const Napi::CallbackInfo& info) {
  return NumberOfView(info, [](const MapView& view) { return view.key_size; });
}
Napi::Value MapValueSize(const Napi::CallbackInfo& info) {
  return NumberOfView(info, [](const MapView& view) { return view.value_size; });
}
Napi::Value MapMaxEntries(const Napi::CallbackInfo& info) {
  return NumberOfView(info, [](const MapView& view) { return view.max_entries; });
}
Napi::Value MapFlags(const Napi::CallbackInfo& info) {
  return NumberOfView(info, [](const MapView& view) { return view.flags; });
}
Napi::Value MapIsInternal(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__is_internal);
}
Napi::Value MapFd(const Napi::CallbackInfo& info) {
  return NumberOfView(info, [](const MapView& view) { return view.fd; });
}

Napi::Value MapSetMaxEntries(const Napi::CallbackInfo& info) {
  uint32_t count = 0;
  if (!Read(info[1], &count)) return Invalid(info);
  return NumberOf<Map>(info, [=](bpf_map* map) {
    // libbpf would map `count` times a data section's size over memory that is not its own
    // (bpf_map__set_max_entries() in libbpf.c does not check).
    return bpf_map__is_internal(map) ? -EINVAL : bpf_map__set_max_entries(map, count);
  });
}

Napi::Value MapSetValueSize(const Napi::CallbackInfo& info) {
  uint32_t size = 0;
  if (!Read(info[1], &size)) return Invalid(info);
  return NumberOf<Map>(info, [=](bpf_map* map) { return bpf_map__set_value_size(map, size); });
}

// A data section's memory: before load the initial value, after it the map itself, both mapped by libbpf. The
// variables of an arena lie somewhere in it then.
struct Section {
  uint8_t* data = nullptr;
  size_t size = 0;

  Section(const Object& object, bpf_map* map) {
    // Of struct_ops libbpf gives the object's struct with the size of the kernel's, which may be larger
    // (bpf_map__initial_value() in libbpf.c).
    if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS) return;
    data = static_cast<uint8_t*>(bpf_map__initial_value(map, &size));
    if (data != nullptr && data == object.arena().get()) data += object.arena_data_offset();
  }
  bool Holds(uint64_t offset, size_t length) const {
    return data != nullptr && offset <= size && length <= size - offset;
  }
};

// Runs `body` on a section; what it answers goes to JavaScript as a number.
template <class Body>
Napi::Value NumberOfSection(const Napi::CallbackInfo& info, Body body) {
  auto map = Handle<Map>::Unwrap(info[0]);
  return NumberOf<Map>(info, [&](bpf_map* ptr) { return body(Section(*map->object, ptr)); });
}

Napi::Value MapReadValue(const Napi::CallbackInfo& info) {
  uint64_t offset = 0;
  Bytes out;
  if (!Read(info[1], &offset) || !Read(info[2], &out)) return Invalid(info);
  return NumberOfSection(info, [=](const Section& section) {
    if (!section.Holds(offset, out.size)) return -ERANGE;
    CopyBytes(out.data, section.data + offset, out.size);
    return 0;
  });
}

Napi::Value MapWriteValue(const Napi::CallbackInfo& info) {
  uint64_t offset = 0;
  Bytes bytes;
  auto map = Handle<Map>::Unwrap(info[0]);
  if (!map || !map->object || !Read(info[1], &offset) || !Read(info[2], &bytes)) return Invalid(info);
  const bool sealed = map->object->load_tried();
  return NumberOf<Map>(info, [=](bpf_map* ptr) {
    // libbpf maps these sections read-only once the kernel has them: writing would be a fault
    // (bpf_object__populate_internal_map() in libbpf.c).
    if (sealed && (bpf_map__map_flags(ptr) & BPF_F_RDONLY_PROG) != 0) return -EROFS;
    const Section section(*map->object, ptr);
    if (!section.Holds(offset, bytes.size)) return -ERANGE;
    CopyBytes(section.data + offset, bytes.data, bytes.size);
    return 0;
  });
}

Napi::Value MapSectionSize(const Napi::CallbackInfo& info) {
  return NumberOfSection(info, [](const Section& section) {
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
  ExportCall(exports, "mapReadValue", MapReadValue);
  ExportCall(exports, "mapWriteValue", MapWriteValue);
  ExportCall(exports, "mapSectionSize", MapSectionSize);
}
