#include "tc.h"

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace {

struct Request {
  nlmsghdr header;
  tcmsg message;
};

// What one message adds to the count; `more` is false after the last one.
int CountMessage(const nlmsghdr* header, bool* more) {
  if (header->nlmsg_type == NLMSG_DONE) *more = false;
  if (header->nlmsg_type == NLMSG_ERROR) return static_cast<const nlmsgerr*>(NLMSG_DATA(header))->error;
  if (header->nlmsg_type != RTM_NEWTFILTER) return 0;
  // Each priority is listed too, with no handle.
  return static_cast<const tcmsg*>(NLMSG_DATA(header))->tcm_handle != 0 ? 1 : 0;
}

int CountReplies(int fd) {
  std::vector<nlmsghdr> buffer(4096);
  int count = 0;
  for (bool more = true; more;) {
    const ssize_t size = recv(fd, buffer.data(), buffer.size() * sizeof(nlmsghdr), 0);
    if (size < 0) return -errno;
    auto left = static_cast<unsigned int>(size);
    for (auto* header = buffer.data(); NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
      const int found = CountMessage(header, &more);
      if (found < 0) return found;
      count += found;
    }
  }
  return count;
}

}  // namespace

int CountTcFilters(int interface, uint32_t parent) {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return -errno;
  Request request = {};
  request.header.nlmsg_len = sizeof(request);
  request.header.nlmsg_type = RTM_GETTFILTER;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.message.tcm_ifindex = interface;
  request.message.tcm_parent = parent;
  const bool sent = send(fd, &request, sizeof(request), 0) == sizeof(request);
  const int count = sent ? CountReplies(fd) : -errno;
  close(fd);
  return count;
}
