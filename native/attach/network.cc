// Network hooks of which the kernel keeps a link. `netns` is a descriptor, or -1 for our own namespace.
#include <bpf.h>
#include <unistd.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/netns.h"
#include "../core/values.h"
#include "attach.h"

namespace {

// The same in a network namespace.
MakeLink Within(int netns, const MakeLink& make) {
  return [=](bpf_program* program) {
    bpf_link* link = nullptr;
    const int status = InNetns(netns, [&] {
      link = make(program);
      return link == nullptr ? -errno : 0;
    });
    if (status == 0) return link;
    bpf_link__destroy(link);
    errno = -status;
    return static_cast<bpf_link*>(nullptr);
  };
}

MakeLinkFd Within(int netns, const MakeLinkFd& make) {
  return [=](const Attachee& program) {
    int link = -1;
    const int status = InNetns(netns, [&] {
      link = make(program);
      return link < 0 ? link : 0;
    });
    if (status == 0) return link;
    if (link >= 0) close(link);
    return status;
  };
}

Napi::Value AttachInNetns(const Napi::CallbackInfo& info, int netns, const MakeLink& make,
                          const MakeLinkFd& make_fd) {
  return AttachWith(info, Within(netns, make), Within(netns, make_fd));
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

// The same link by bpf_link_create(), for a program without an object.
template <class Order>
int CreateLink(const Attachee& program, int target, const Order& order) {
  auto options = Options<bpf_link_create_opts>();
  options.flags = order.flags;
  // tcx, netkit and cgroup have the same members in the same places (bpf_link_create() in bpf.c).
  options.tcx.relative_fd = order.relative_fd;
  options.tcx.relative_id = order.relative_id;
  options.tcx.expected_revision = order.expected_revision;
  return bpf_link_create(program.fd, target, program.type, &options);
}

int CreateLink(const Attachee& program, int target) {
  return bpf_link_create(program.fd, target, program.type, nullptr);
}

// (program, netns, interface, flags)
Napi::Value AttachXdp(const Napi::CallbackInfo& info) {
  int32_t netns = 0, interface = 0;
  auto options = Options<bpf_tcx_opts>();
  if (!ReadFrom(info, 1, &netns, &interface, &options.flags)) return InvalidAttach(info);
  // bpf_program__attach_xdp takes no flags; this one makes the same link of an XDP program, with them.
  return AttachInNetns(
      info, netns,
      [=](bpf_program* program) { return bpf_program__attach_tcx(program, interface, &options); },
      [=](const Attachee& program) { return CreateLink(program, interface, options); });
}

// (program, netns, interface, order)
Napi::Value AttachTcx(const Napi::CallbackInfo& info) {
  int32_t netns = 0, interface = 0;
  auto options = Options<bpf_tcx_opts>();
  if (!ReadFrom(info, 1, &netns, &interface) || !ReadOrder(info, 3, &options)) return InvalidAttach(info);
  return AttachInNetns(
      info, netns,
      [=](bpf_program* program) { return bpf_program__attach_tcx(program, interface, &options); },
      [=](const Attachee& program) { return CreateLink(program, interface, options); });
}

// (program, netns, interface, order)
Napi::Value AttachNetkit(const Napi::CallbackInfo& info) {
  int32_t netns = 0, interface = 0;
  auto options = Options<bpf_netkit_opts>();
  if (!ReadFrom(info, 1, &netns, &interface) || !ReadOrder(info, 3, &options)) return InvalidAttach(info);
  return AttachInNetns(
      info, netns,
      [=](bpf_program* program) { return bpf_program__attach_netkit(program, interface, &options); },
      [=](const Attachee& program) { return CreateLink(program, interface, options); });
}

// (program, netns, protocol family, hook, priority, flags)
Napi::Value AttachNetfilter(const Napi::CallbackInfo& info) {
  int32_t netns = 0;
  auto options = Options<bpf_netfilter_opts>();
  if (!ReadFrom(info, 1, &netns, &options.pf, &options.hooknum, &options.priority, &options.flags)) {
    return InvalidAttach(info);
  }
  return AttachInNetns(
      info, netns, [=](bpf_program* program) { return bpf_program__attach_netfilter(program, &options); },
      [=](const Attachee& program) {
        auto created = Options<bpf_link_create_opts>();
        created.netfilter.pf = options.pf;
        created.netfilter.hooknum = options.hooknum;
        created.netfilter.priority = options.priority;
        created.netfilter.flags = options.flags;
        return bpf_link_create(program.fd, 0, program.type, &created);
      });
}

// (program, netns)
Napi::Value AttachNetns(const Napi::CallbackInfo& info) {
  int32_t netns = 0;
  if (!ReadFrom(info, 1, &netns)) return InvalidAttach(info);
  return AttachWith(
      info, [=](bpf_program* program) { return bpf_program__attach_netns(program, netns); },
      [=](const Attachee& program) { return CreateLink(program, netns); });
}

// (program, cgroup, order)
Napi::Value AttachCgroup(const Napi::CallbackInfo& info) {
  int32_t cgroup = 0;
  auto options = Options<bpf_cgroup_opts>();
  if (!ReadFrom(info, 1, &cgroup) || !ReadOrder(info, 2, &options)) return InvalidAttach(info);
  return AttachWith(
      info, [=](bpf_program* program) { return bpf_program__attach_cgroup_opts(program, cgroup, &options); },
      [=](const Attachee& program) { return CreateLink(program, cgroup, options); });
}

// (program, map)
Napi::Value AttachSockmap(const Napi::CallbackInfo& info) {
  int32_t map = 0;
  if (!ReadFrom(info, 1, &map)) return InvalidAttach(info);
  return AttachWith(
      info, [=](bpf_program* program) { return bpf_program__attach_sockmap(program, map); },
      [=](const Attachee& program) { return CreateLink(program, map); });
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
