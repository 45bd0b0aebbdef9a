// struct_ops maps: attached as they are, without a program of their own.
#include <linux/bpf.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"
#include "../map/map.h"
#include "../program/program.h"
#include "attach.h"

namespace {

// Without BPF_F_LINK the descriptor of libbpf's link is the map's: no link of the kernel
// (bpf_map__attach_struct_ops() in libbpf.c).
std::shared_ptr<Link> Own(const Map& map, bpf_link* ptr) {
  if ((bpf_map__map_flags(map.ptr) & BPF_F_LINK) != 0) return std::make_shared<Link>(map.object, ptr);
  return std::make_shared<Link>(map.object, Via::kMap, [=] { return bpf_link__destroy(ptr); });
}

Napi::Value MapAttachStructOps(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  return AttachOwned(info, map ? map->object : nullptr, [map](std::shared_ptr<Link>* link) {
    bpf_link* ptr = bpf_map__attach_struct_ops(map->ptr);
    if (ptr == nullptr) return -errno;
    *link = Own(*map, ptr);
    return 0;
  });
}

// (program, descriptor of a struct_ops map): the map that the program's calls are of.
Napi::Value ProgramAssocStructOps(const Napi::CallbackInfo& info) {
  auto program = Handle<Program>::Unwrap(info[0]);
  int32_t map = -1;
  if (!program || !Read(info[1], &map)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool may_wait) {
    return program->UseFd(may_wait, [&](int fd) { return bpf_prog_assoc_struct_ops(fd, map, nullptr); });
  });
}

}  // namespace

void RegisterStructOps(Napi::Object exports) {
  ExportJob(exports, "mapAttachStructOps", MapAttachStructOps);
  ExportJob(exports, "programAssocStructOps", ProgramAssocStructOps);
}
