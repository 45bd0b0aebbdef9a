// Links beyond their attaching: pinned to a file, opened again, moved to another program.
#include <bpf.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/descriptor.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/options.h"
#include "../core/values.h"
#include "../map/map.h"
#include "../program/program.h"
#include "link.h"

namespace {

Napi::Value LinkPin(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  std::string path;
  if (!link || !Read(info[1], &path)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool) { return link->Pin(path); });
}

Napi::Value LinkUnpin(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  return Perform(info, [=](bool) { return link ? link->Unpin() : -EINVAL; });
}

// Links have two names: bpf_link_prime() in kernel/bpf/syscall.c makes `bpf_link`, and bpf_link_new_fd()
// there `bpf-link`.
bool MayBeLink(int fd) {
  const std::string target = TargetOf(fd);
  return target.empty() || target == "anon_inode:bpf_link" || target == "anon_inode:bpf-link";
}

// Takes a descriptor over, or the errno that stands in its place.
Reply Own(int fd) {
  if (fd < 0) return -errno;
  if (MayBeLink(fd)) return std::make_shared<Link>(fd);
  close(fd);
  return -EINVAL;
}

// (path): a link of no object of ours: it ends with its last handle, and what pins it goes on.
Napi::Value LinkOpenPinned(const Napi::CallbackInfo& info) {
  std::string path;
  if (!Read(info[0], &path)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool) -> Reply {
    bpf_link* ptr = bpf_link__open(path.c_str());
    if (ptr == nullptr) return -errno;
    if (MayBeLink(bpf_link__fd(ptr))) return std::make_shared<Link>(nullptr, ptr);
    bpf_link__destroy(ptr);  // libbpf opens programs and maps, too: bpf_link__open() in libbpf.c
    return -EINVAL;
  });
}

// (id): the same.
Napi::Value LinkOpenById(const Napi::CallbackInfo& info) {
  uint32_t id = 0;
  if (!Read(info[0], &id)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool) { return Own(bpf_link_get_fd_by_id(id)); });
}

// (descriptor): the caller keeps its own.
Napi::Value LinkOpenFd(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  if (!Read(info[0], &fd)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool) { return Own(fcntl(fd, F_DUPFD_CLOEXEC, 0)); });
}

// Takes the program out of the hook, whoever else holds the link.
Napi::Value LinkDetach(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  return Perform(info, [=](bool) { return link ? link->Detach() : -EINVAL; });
}

// (link, program, expected program or null): with an expected one, only if that is there now.
Napi::Value LinkUpdate(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  auto program = Handle<Program>::Unwrap(info[1]);
  auto expected = Handle<Program>::Unwrap(info[2]);
  if (!link || !program || (!expected && !info[2].IsNull()))
    return Perform(info, [](bool) { return -EINVAL; });
  const auto fd_of = [](const Program& program, bool may_wait) {
    return program.UseFd(may_wait, [](int fd) { return fd; });
  };
  return Perform(info, [=](bool may_wait) {
    const int fd = fd_of(*program, may_wait);
    const int old = expected ? fd_of(*expected, may_wait) : 0;
    if (fd < 0 || old < 0) return fd < 0 ? fd : old;
    auto options = Options<bpf_link_update_opts>();
    options.flags = expected ? BPF_F_REPLACE : 0;
    options.old_prog_fd = old;
    return link->UseFd([&](int link_fd) { return bpf_link_update(link_fd, fd, &options); });
  });
}

// (link, struct_ops map): the map's functions take the place of the old ones.
Napi::Value LinkUpdateMap(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  auto map = Handle<Map>::Unwrap(info[1]);
  if (!link || !map || !map->object) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool may_wait) {
    return map->object->Use(may_wait, [&](bpf_object*) {
      return link->Use([&](bpf_link* ptr) { return bpf_link__update_map(ptr, map->ptr); });
    });
  });
}

}  // namespace

void RegisterLinkPin(Napi::Object exports) {
  ExportJob(exports, "linkPin", LinkPin);
  ExportJob(exports, "linkUnpin", LinkUnpin);
  ExportJob(exports, "linkOpenPinned", LinkOpenPinned);
  ExportJob(exports, "linkOpenById", LinkOpenById);
  ExportJob(exports, "linkOpenFd", LinkOpenFd);
  ExportJob(exports, "linkDetach", LinkDetach);
  ExportJob(exports, "linkUpdate", LinkUpdate);
  ExportJob(exports, "linkUpdateMap", LinkUpdateMap);
}
