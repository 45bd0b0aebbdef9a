// Attachments of which the kernel keeps no link: XDP over netlink, BPF_PROG_ATTACH, socket options.
#include <bpf.h>
#include <linux/if_link.h>
#include <sys/socket.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/descriptor.h"
#include "../core/job.h"
#include "../core/netns.h"
#include "../core/values.h"
#include "attach.h"

namespace {

// What is gone with its interface, cgroup or socket needs no detaching.
int UnlessGone(int status) {
  return status == -ENODEV || status == -ENOENT ? 0 : status;
}

// `old` is the descriptor of the program to take away; 0 for none.
int SetXdp(int interface, int program, uint32_t flags, int old) {
  auto options = Options<bpf_xdp_attach_opts>();
  options.old_prog_fd = old;
  return bpf_xdp_attach(interface, program, flags, &options);
}

int DetachXdp(int interface, uint32_t mode, int program) {
  const int status = SetXdp(interface, -1, mode, program);
  return status == -EEXIST ? 0 : UnlessGone(status);  // somebody took its place
}

// (program, netns, interface, mode, descriptor of the program to replace or 0)
Napi::Value AttachXdpNetlink(const Napi::CallbackInfo& info) {
  int32_t netns = 0, interface = 0, replaced = 0;
  uint32_t mode = 0;
  if (!ReadFrom(info, 1, &netns, &interface, &mode, &replaced)) return InvalidAttach(info);
  return AttachWithoutLink(info, Via::kNetlink, [=](const Attachee& attachee, DetachCall* detach) {
    const auto home = Descriptor::Copy(netns);
    if (!home) return -errno;
    const int program = attachee.fd;
    const uint32_t flags = mode | (replaced == 0 ? XDP_FLAGS_UPDATE_IF_NOEXIST : 0);
    *detach = [=] { return InNetns(home->fd(), [&] { return DetachXdp(interface, mode, program); }); };
    return InNetns(home->fd(), [&] { return SetXdp(interface, program, flags, replaced); });
  });
}

struct Target {
  int fd = 0;  // or an interface's index
  bool is_interface = false;
};

// (program, netns, descriptor or interface, whether the latter, flags, replaced, relative fd, id, revision)
Napi::Value AttachProg(const Napi::CallbackInfo& info) {
  int32_t netns = 0;
  Target target;
  uint64_t revision = 0;
  auto options = Options<struct bpf_prog_attach_opts>();
  if (!ReadFrom(info, 1, &netns, &target.fd, &target.is_interface, &options.flags, &options.replace_prog_fd,
                &options.relative_fd, &options.relative_id, &revision)) {
    return InvalidAttach(info);
  }
  options.expected_revision = revision;
  return AttachWithoutLink(info, Via::kProgAttach, [=](const Attachee& attachee, DetachCall* detach) {
    const auto home = Descriptor::Copy(netns);
    const auto hook = Descriptor::Copy(target.is_interface ? -1 : target.fd);
    if (!home || !hook) return -errno;
    const int program = attachee.fd;
    const auto type = attachee.type;
    const auto where = [=] { return target.is_interface ? target.fd : hook->fd(); };
    *detach = [=] {
      const auto body = [&] { return UnlessGone(bpf_prog_detach_opts(program, where(), type, nullptr)); };
      return InNetns(home->fd(), body);
    };
    return InNetns(home->fd(), [&] { return bpf_prog_attach_opts(program, where(), type, &options); });
  });
}

uint64_t SocketCookie(int fd) {
  uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0 ? cookie : 0;
}

// A copy of the descriptor would keep the socket open, so it is looked at again: its number may be another's
// now.
int DetachSocket(int fd, uint64_t cookie, int option) {
  const int none = 0;
  if (SocketCookie(fd) != cookie) return 0;
  return setsockopt(fd, SOL_SOCKET, option, &none, sizeof(none)) == 0 ? 0 : UnlessGone(-errno);
}

// (program, socket, whether it chooses in a reuseport group)
Napi::Value AttachSocket(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  bool reuseport = false;
  if (!ReadFrom(info, 1, &fd, &reuseport)) return InvalidAttach(info);
  return AttachWithoutLink(info, Via::kSocket, [=](const Attachee& attachee, DetachCall* detach) {
    const int program = attachee.fd;
    const int option = reuseport ? SO_ATTACH_REUSEPORT_EBPF : SO_ATTACH_BPF;
    const int undo = reuseport ? SO_DETACH_REUSEPORT_BPF : SO_DETACH_BPF;
    *detach = [=, cookie = SocketCookie(fd)] { return DetachSocket(fd, cookie, undo); };
    return setsockopt(fd, SOL_SOCKET, option, &program, sizeof(program)) == 0 ? 0 : -errno;
  });
}

}  // namespace

void RegisterAttachLinkless(Napi::Object exports) {
  ExportJob(exports, "programAttachXdpNetlink", AttachXdpNetlink);
  ExportJob(exports, "programAttachProg", AttachProg);
  ExportJob(exports, "programAttachSocket", AttachSocket);
}
