// A file descriptor of our own: a copy of a caller's, closed with its last user.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>

// What a descriptor is of, as `anon_inode:bpf-map`; empty where /proc does not tell.
inline std::string TargetOf(int fd) {
  char target[64] = "";
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = readlink(path.c_str(), target, sizeof(target));
  return {target, length < 0 ? 0 : static_cast<size_t>(length)};
}

class Descriptor {
 public:
  // Null, with errno set, where it cannot be copied; -1, which stands for none, stays -1.
  static std::shared_ptr<Descriptor> Copy(int fd) {
    const int copy = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (fd >= 0 && copy < 0) return nullptr;
    return std::shared_ptr<Descriptor>(new Descriptor(copy));
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int fd() const { return fd_; }

 private:
  explicit Descriptor(int fd) : fd_(fd) {}

  int fd_;
};
