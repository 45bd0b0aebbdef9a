// Network namespaces: interfaces and netfilter hooks are looked up in that of the calling thread.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>

// Runs `body`, which answers 0 or a negative errno, in the namespace of a descriptor; -1 is the thread's own.
template <class Body>
int InNetns(int fd, Body body) {
  if (fd < 0) return body();
  const int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (home < 0) return -errno;
  int status = setns(fd, CLONE_NEWNET) == 0 ? body() : -errno;
  // Who may enter may come back; the thread serves others next, so a failure must not stay unseen.
  if (setns(home, CLONE_NEWNET) != 0 && status == 0) status = -errno;
  close(home);
  return status;
}

// What tells this thread's namespace from others; 0 where there is no telling. The link's text has the inode,
// as `net:[4026531840]` (ns_get_name in the kernel's fs/nsfs.c); statx(), which would have it too, is not in
// older musl.
inline uint64_t NetnsInode() {
  constexpr ssize_t kStart = sizeof("net:[") - 1;
  char name[32];
  const ssize_t length = readlink("/proc/thread-self/ns/net", name, sizeof(name));
  uint64_t inode = 0;
  if (length > kStart) std::from_chars(name + kStart, name + length, inode);
  return inode;
}
