// Network namespaces: interfaces and netfilter hooks are looked up in that of the calling thread.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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

// What tells this thread's namespace from others; 0 where there is no telling.
inline uint64_t NetnsInode() {
  struct statx status = {};
  return statx(AT_FDCWD, "/proc/thread-self/ns/net", 0, STATX_INO, &status) == 0 ? status.stx_ino : 0;
}
