// What can be changed about a map of an object before it is loaded.
#include <linux/bpf.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/descriptor.h"
#include "../core/job.h"
#include "../core/values.h"
#include "../program/program.h"
#include "map.h"

namespace {

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), -EINVAL);
}

// Reads one value, and sets it on a map that is no data section: libbpf derives those of a section from it.
template <class T, class Set>
Napi::Value SetOf(const Napi::CallbackInfo& info, Set set) {
  T value = {};
  if (!Read(info[1], &value)) return Invalid(info);
  return NumberOf<Map>(info,
                       [&](bpf_map* map) { return bpf_map__is_internal(map) ? -EINVAL : set(map, value); });
}

Napi::Value MapSetType(const Napi::CallbackInfo& info) {
  return SetOf<bpf_map_type>(info, bpf_map__set_type);
}
Napi::Value MapSetKeySize(const Napi::CallbackInfo& info) {
  return SetOf<uint32_t>(info, bpf_map__set_key_size);
}
Napi::Value MapSetFlags(const Napi::CallbackInfo& info) {
  return SetOf<uint32_t>(info, bpf_map__set_map_flags);
}
Napi::Value MapSetNumaNode(const Napi::CallbackInfo& info) {
  return SetOf<uint32_t>(info, bpf_map__set_numa_node);
}
Napi::Value MapSetIfindex(const Napi::CallbackInfo& info) {
  return SetOf<uint32_t>(info, bpf_map__set_ifindex);
}
Napi::Value MapSetExtra(const Napi::CallbackInfo& info) {
  return SetOf<uint64_t>(info, bpf_map__set_map_extra);
}
Napi::Value MapSetAutocreate(const Napi::CallbackInfo& info) {
  return SetOf<bool>(info, bpf_map__set_autocreate);
}
// Of a struct_ops table only; bpf_object__attach_skeleton() in libbpf.c looks at it, and so does our
// attaching of all.
Napi::Value MapSetAutoattach(const Napi::CallbackInfo& info) {
  return SetOf<bool>(info, bpf_map__set_autoattach);
}

// (map, program): of one object. No other program may use the map (check_map_prog_compatibility() in
// kernel/bpf/verifier.c).
Napi::Value MapSetExclusiveProgram(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  auto program = Handle<Program>::Unwrap(info[1]);
  if (!map || !map->object || !program || program->object != map->object) return Invalid(info);
  return NumberOf<Map>(info, [&](bpf_map* ptr) { return bpf_map__set_exclusive_program(ptr, program->ptr); });
}

// (map, path or null): of a data section too, whose pinned twin libbpf takes if it has the same size
// (bpf_object__reuse_map() in libbpf.c).
Napi::Value MapSetPinPath(const Napi::CallbackInfo& info) {
  std::optional<std::string> path;
  if (!Read(info[1], &path)) return Invalid(info);
  return NumberOf<Map>(
      info, [&](bpf_map* map) { return bpf_map__set_pin_path(map, path ? path->c_str() : nullptr); });
}

// libbpf keeps a copy of the descriptor (bpf_map__reuse_fd() in libbpf.c).
Napi::Value MapReuseFd(const Napi::CallbackInfo& info) {
  return SetOf<int32_t>(info, bpf_map__reuse_fd);
}

// bpf_map__set_inner_map_fd() in libbpf.c neither copies nor closes it, so the object keeps a copy.
Napi::Value MapSetInnerMapFd(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  int32_t fd = 0;
  if (!map || !map->object || !Read(info[1], &fd) || fd < 0) return Invalid(info);
  return NumberOf<Map>(info, [&](bpf_map* ptr) {
    auto copy = Descriptor::Copy(fd);
    if (!copy) return -errno;
    const int status = bpf_map__set_inner_map_fd(ptr, copy->fd());
    if (status == 0) map->object->Keep(std::move(copy));
    return status;
  });
}

Napi::Value MapNumaNode(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__numa_node);
}
Napi::Value MapAutocreate(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__autocreate);
}
Napi::Value MapAutoattach(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__autoattach);
}
Napi::Value MapIsPinned(const Napi::CallbackInfo& info) {
  return NumberOf<Map>(info, bpf_map__is_pinned);
}
// Empty where there is none.
Napi::Value MapPinPath(const Napi::CallbackInfo& info) {
  return TextOf<Map>(info, [](const bpf_map* map) {
    const char* path = bpf_map__pin_path(map);
    return path == nullptr ? "" : path;
  });
}

}  // namespace

void RegisterMapOpen(Napi::Object exports) {
  ExportCall(exports, "mapSetType", MapSetType);
  ExportCall(exports, "mapSetKeySize", MapSetKeySize);
  ExportCall(exports, "mapSetFlags", MapSetFlags);
  ExportCall(exports, "mapSetNumaNode", MapSetNumaNode);
  ExportCall(exports, "mapSetIfindex", MapSetIfindex);
  ExportCall(exports, "mapSetExtra", MapSetExtra);
  ExportCall(exports, "mapSetAutocreate", MapSetAutocreate);
  ExportCall(exports, "mapSetAutoattach", MapSetAutoattach);
  ExportCall(exports, "mapAutoattach", MapAutoattach);
  ExportCall(exports, "mapSetExclusiveProgram", MapSetExclusiveProgram);
  ExportCall(exports, "mapSetPinPath", MapSetPinPath);
  ExportCall(exports, "mapSetInnerMapFd", MapSetInnerMapFd);
  ExportCall(exports, "mapReuseFd", MapReuseFd);
  ExportCall(exports, "mapNumaNode", MapNumaNode);
  ExportCall(exports, "mapAutocreate", MapAutocreate);
  ExportCall(exports, "mapIsPinned", MapIsPinned);
  ExportCall(exports, "mapPinPath", MapPinPath);
}
