// struct_ops maps: attached as they are, without a program of their own.
#include <linux/bpf.h>

#include <cerrno>

#include "addon.h"
#include "attach.h"
#include "handle.h"
#include "job.h"
#include "map.h"

namespace {

// Without BPF_F_LINK the descriptor of libbpf's link is the map's: no link of the kernel.
std::shared_ptr<Link> Own(const Map& map, bpf_link* ptr) {
  if ((bpf_map__map_flags(map.ptr) & BPF_F_LINK) != 0) return std::make_shared<Link>(map.object, ptr);
  return std::make_shared<Link>(map.object, Way::kMap, [=] { return bpf_link__destroy(ptr); });
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

}  // namespace

void RegisterStructOps(Napi::Object exports) {
  ExportJob(exports, "mapAttachStructOps", MapAttachStructOps);
}
