// Maps without an object: made, opened by path, id or descriptor; and what every map in the kernel can: be
// pinned, frozen, described, closed.
#include <bpf.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/descriptor.h"
#include "../core/job.h"
#include "../core/options.h"
#include "../core/values.h"
#include "map.h"

namespace {

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

// Programs and links are answered with another struct than a map's (bpf_obj_get_info_by_fd() in
// kernel/bpf/syscall.c).
int Describe(int fd, bpf_map_info* details) {
  const std::string target = TargetOf(fd);
  if (!target.empty() && target != "anon_inode:bpf-map") return -EINVAL;
  uint32_t size = sizeof(*details);
  return bpf_map_get_info_by_fd(fd, details, &size);
}

// Takes a descriptor over, or the errno that stands in its place.
Reply Own(int fd) {
  if (fd < 0) return -errno;
  bpf_map_info details = {};
  const int status = Describe(fd, &details);
  if (status == 0) return std::make_shared<Map>(std::make_shared<BareMap>(fd, details));
  close(fd);
  return status;
}

struct Creation {
  bpf_map_type type = BPF_MAP_TYPE_UNSPEC;
  uint32_t key_size = 0, value_size = 0, max_entries = 0;
  std::string name;
  bpf_map_create_opts options = Options<bpf_map_create_opts>();
};

// (type, name, key size, value size, entries, flags, extra, NUMA node, interface, inner map's descriptor,
// BTF's descriptor, key type, value type, token or 0): the BTF is not kept open by the map's maker.
Napi::Value MapCreate(const Napi::CallbackInfo& info) {
  Creation map;
  auto& options = map.options;
  int32_t inner = 0, btf = 0, token = 0;
  uint64_t extra = 0;
  if (!ReadFrom(info, 0, &map.type, &map.name, &map.key_size, &map.value_size, &map.max_entries,
                &options.map_flags, &extra, &options.numa_node, &options.map_ifindex, &inner, &btf,
                &options.btf_key_type_id, &options.btf_value_type_id, &token))
    return Invalid(info);
  if (inner < 0 || btf < 0 || token < 0) return Invalid(info);
  options.map_extra = extra;
  options.inner_map_fd = inner;
  options.btf_fd = btf;
  options.token_fd = token;
  if (token != 0) options.map_flags |= BPF_F_TOKEN_FD;
  return Perform(info, [map](bool) {
    return Own(bpf_map_create(map.type, map.name.c_str(), map.key_size, map.value_size, map.max_entries,
                              &map.options));
  });
}

// (bytes, token or 0): a descriptor that is the caller's to close.
Napi::Value BtfLoad(const Napi::CallbackInfo& info) {
  std::vector<uint8_t> bytes;
  int32_t token = 0;
  if (!ReadFrom(info, 0, &bytes, &token) || token < 0) return Invalid(info);
  return Perform(info, [bytes = std::move(bytes), token](bool) {
    auto options = Options<bpf_btf_load_opts>();
    options.token_fd = token;
    if (token != 0) options.btf_flags = BPF_F_TOKEN_FD;
    const int fd = bpf_btf_load(bytes.data(), bytes.size(), &options);
    return fd < 0 ? -errno : fd;
  });
}

// (path, file flags).
Napi::Value MapOpenPinned(const Napi::CallbackInfo& info) {
  std::string path;
  uint32_t flags = 0;
  if (!ReadFrom(info, 0, &path, &flags)) return Invalid(info);
  return Perform(info, [=](bool) {
    auto options = Options<struct bpf_obj_get_opts>();
    options.file_flags = flags;
    return Own(bpf_obj_get_opts(path.c_str(), &options));
  });
}

// (id, flags).
Napi::Value MapOpenById(const Napi::CallbackInfo& info) {
  uint32_t id = 0, flags = 0;
  if (!ReadFrom(info, 0, &id, &flags)) return Invalid(info);
  return Perform(info, [=](bool) {
    auto options = Options<bpf_get_fd_by_id_opts>();
    options.open_flags = flags;
    return Own(bpf_map_get_fd_by_id_opts(id, &options));
  });
}

// (descriptor): the caller keeps its own.
Napi::Value MapOpenFd(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  if (!Read(info[0], &fd)) return Invalid(info);
  return Perform(info, [=](bool) { return Own(fcntl(fd, F_DUPFD_CLOEXEC, 0)); });
}

// (map, path).
Napi::Value MapPin(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  std::string path;
  if (!map || !Read(info[1], &path)) return Invalid(info);
  return Perform(info, [=](bool may_wait) {
    return map->Use(may_wait, [&](const MapView& view) { return bpf_obj_pin(view.fd, path.c_str()); });
  });
}

Napi::Value MapFreeze(const Napi::CallbackInfo& info) {
  return NumberOfView(info, [](const MapView& view) { return bpf_map_freeze(view.fd); });
}

// `struct bpf_map_info`.
Napi::Value MapInfo(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  bpf_map_info details = {};
  uint32_t size = sizeof(details);
  const auto ask = [&](const MapView& view) { return bpf_map_get_info_by_fd(view.fd, &details, &size); };
  const int status = map ? map->Use(false, ask) : -EINVAL;
  if (status != 0) return Napi::Number::New(info.Env(), status);
  return Napi::Buffer<uint8_t>::Copy(info.Env(), reinterpret_cast<const uint8_t*>(&details), sizeof(details));
}

// (id): the next higher one.
Napi::Value MapNextId(const Napi::CallbackInfo& info) {
  uint32_t id = 0, next = 0;
  if (!Read(info[0], &id)) return Napi::Number::New(info.Env(), -EINVAL);
  const int status = bpf_map_get_next_id(id, &next);
  return Napi::Number::New(info.Env(), status == 0 ? static_cast<double>(next) : status);
}

// (pid): a descriptor that is the caller's to close.
Napi::Value PidfdOpen(const Napi::CallbackInfo& info) {
  int32_t pid = 0;
  if (!Read(info[0], &pid)) return Napi::Number::New(info.Env(), -EINVAL);
  const auto fd = syscall(SYS_pidfd_open, pid, 0);
  return Napi::Number::New(info.Env(), static_cast<double>(fd < 0 ? -errno : fd));
}

Napi::Value MapClose(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  if (!map || !map->bare) return Invalid(info);
  return Perform(info, [map](bool may_wait) { return map->bare->Close(may_wait); });
}

}  // namespace

void RegisterMapLife(Napi::Object exports) {
  ExportJob(exports, "btfLoad", BtfLoad);
  ExportJob(exports, "mapCreate", MapCreate);
  ExportJob(exports, "mapOpenPinned", MapOpenPinned);
  ExportJob(exports, "mapOpenById", MapOpenById);
  ExportJob(exports, "mapOpenFd", MapOpenFd);
  ExportJob(exports, "mapPin", MapPin);
  ExportJob(exports, "mapClose", MapClose);
  ExportCall(exports, "mapFreeze", MapFreeze);
  ExportCall(exports, "mapInfo", MapInfo);
  ExportCall(exports, "mapNextId", MapNextId);
  ExportCall(exports, "pidfdOpen", PidfdOpen);
}
