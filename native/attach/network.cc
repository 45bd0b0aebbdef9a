// Network hooks of which the kernel keeps a link. `netns` is a descriptor, or -1 for our own namespace.
#include <cerrno>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/netns.h"
#include "../core/values.h"
#include "attach.h"

namespace {

Napi::Value AttachInNetns(const Napi::CallbackInfo& info, int netns, const MakeLink& make) {
  return AttachWith(info, [=](bpf_program* program) {
    bpf_link* link = nullptr;
    const int status = InNetns(netns, [&] {
      link = make(program);
      return link == nullptr ? -errno : 0;
    });
    if (status == 0) return link;
    bpf_link__destroy(link);
    errno = -status;
    return static_cast<bpf_link*>(nullptr);
  });
}

// Where among the programs of a hook: flags, relative descriptor, relative id, expected revision.
template <class T>
bool ReadOrder(const Napi::CallbackInfo& info, size_t first, T* options) {
  uint64_t revision = 0;
  const bool read =
      ReadFrom(info, first, &options->flags, &options->relative_fd, &options->relative_id, &revision);
  options->expected_revision = revision;
  return read;
}

// (program, netns, interface, flags)
Napi::Value AttachXdp(const Napi::CallbackInfo& info) {
  int32_t netns = 0, interface = 0;
  auto options = Options<bpf_tcx_opts>();
  if (!ReadFrom(info, 1, &netns, &interface, &options.flags)) return InvalidAttach(info);
  // bpf_program__attach_xdp takes no flags; this one makes the same link of an XDP program, with them.
  return AttachInNetns(info, netns, [=](bpf_program* program) {
    return bpf_program__attach_tcx(program, interface, &options);
  });
}

// (program, netns, interface, order)
Napi::Value AttachTcx(const Napi::CallbackInfo& info) {
  int32_t netns = 0, interface = 0;
  auto options = Options<bpf_tcx_opts>();
  if (!ReadFrom(info, 1, &netns, &interface) || !ReadOrder(info, 3, &options)) return InvalidAttach(info);
  return AttachInNetns(info, netns, [=](bpf_program* program) {
    return bpf_program__attach_tcx(program, interface, &options);
  });
}

// (program, netns, interface, order)
Napi::Value AttachNetkit(const Napi::CallbackInfo& info) {
  int32_t netns = 0, interface = 0;
  auto options = Options<bpf_netkit_opts>();
  if (!ReadFrom(info, 1, &netns, &interface) || !ReadOrder(info, 3, &options)) return InvalidAttach(info);
  return AttachInNetns(info, netns, [=](bpf_program* program) {
    return bpf_program__attach_netkit(program, interface, &options);
  });
}

// (program, netns, protocol family, hook, priority, flags)
Napi::Value AttachNetfilter(const Napi::CallbackInfo& info) {
  int32_t netns = 0;
  auto options = Options<bpf_netfilter_opts>();
  if (!ReadFrom(info, 1, &netns, &options.pf, &options.hooknum, &options.priority, &options.flags)) {
    return InvalidAttach(info);
  }
  return AttachInNetns(
      info, netns, [=](bpf_program* program) { return bpf_program__attach_netfilter(program, &options); });
}

// (program, netns)
Napi::Value AttachNetns(const Napi::CallbackInfo& info) {
  int32_t netns = 0;
  if (!ReadFrom(info, 1, &netns)) return InvalidAttach(info);
  return AttachWith(info, [=](bpf_program* program) { return bpf_program__attach_netns(program, netns); });
}

// (program, cgroup, order)
Napi::Value AttachCgroup(const Napi::CallbackInfo& info) {
  int32_t cgroup = 0;
  auto options = Options<bpf_cgroup_opts>();
  if (!ReadFrom(info, 1, &cgroup) || !ReadOrder(info, 2, &options)) return InvalidAttach(info);
  return AttachWith(
      info, [=](bpf_program* program) { return bpf_program__attach_cgroup_opts(program, cgroup, &options); });
}

// (program, map)
Napi::Value AttachSockmap(const Napi::CallbackInfo& info) {
  int32_t map = 0;
  if (!ReadFrom(info, 1, &map)) return InvalidAttach(info);
  return AttachWith(info, [=](bpf_program* program) { return bpf_program__attach_sockmap(program, map); });
}

}  // namespace

void RegisterAttachNetwork(Napi::Object exports) {
  ExportJob(exports, "programAttachXdp", AttachXdp);
  ExportJob(exports, "programAttachTcx", AttachTcx);
  ExportJob(exports, "programAttachNetkit", AttachNetkit);
  ExportJob(exports, "programAttachNetfilter", AttachNetfilter);
  ExportJob(exports, "programAttachNetns", AttachNetns);
  ExportJob(exports, "programAttachCgroup", AttachCgroup);
  ExportJob(exports, "programAttachSockmap", AttachSockmap);
}
