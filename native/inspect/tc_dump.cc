#include "tc_dump.h"

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace {

struct Request {
  nlmsghdr header;
  tcmsg message;
};

// Keeps one message; `more` is false after the last one.
int Keep(const nlmsghdr* header, std::vector<uint8_t>* messages, bool* more) {
  if (header->nlmsg_type == NLMSG_ERROR) return static_cast<const nlmsgerr*>(NLMSG_DATA(header))->error;
  if (header->nlmsg_type == NLMSG_DONE) {
    *more = false;
    return header->nlmsg_len < NLMSG_LENGTH(sizeof(int)) ? 0 : *static_cast<const int*>(NLMSG_DATA(header));
  }
  const auto* bytes = reinterpret_cast<const uint8_t*>(header);
  messages->insert(messages->end(), bytes, bytes + NLMSG_ALIGN(header->nlmsg_len));
  return 0;
}

int Receive(int fd, std::vector<uint8_t>* messages) {
  std::vector<nlmsghdr> buffer(4096);
  for (bool more = true; more;) {
    const ssize_t size = recv(fd, buffer.data(), buffer.size() * sizeof(nlmsghdr), 0);
    if (size < 0) return -errno;
    auto left = static_cast<unsigned int>(size);
    for (auto* header = buffer.data(); NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
      const int status = Keep(header, messages, &more);
      if (status < 0) return status;
    }
  }
  return 0;
}

}  // namespace

int DumpTc(uint32_t type, int interface, uint32_t parent, std::vector<uint8_t>* messages) {
  // Others would change something, or not answer at all.
  if (type != RTM_GETQDISC && type != RTM_GETTCLASS && type != RTM_GETTFILTER) return -EINVAL;
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return -errno;
  Request request = {};
  request.header.nlmsg_len = sizeof(request);
  request.header.nlmsg_type = static_cast<uint16_t>(type);
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.message.tcm_ifindex = interface;
  request.message.tcm_parent = parent;
  const bool sent = send(fd, &request, sizeof(request), 0) == sizeof(request);
  const int status = sent ? Receive(fd, messages) : -errno;
  close(fd);
  return status;
}

int CountTcFilters(int interface, uint32_t parent) {
  std::vector<uint8_t> messages;
  const int status = DumpTc(RTM_GETTFILTER, interface, parent, &messages);
  if (status != 0) return status;
  int count = 0;
  auto left = static_cast<unsigned int>(messages.size());
  for (auto* header = reinterpret_cast<nlmsghdr*>(messages.data()); NLMSG_OK(header, left);
       header = NLMSG_NEXT(header, left)) {
    // Each priority is listed too, with no handle.
    if (static_cast<const tcmsg*>(NLMSG_DATA(header))->tcm_handle != 0) count++;
  }
  return count;
}
