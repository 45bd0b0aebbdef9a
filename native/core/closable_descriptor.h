// A file descriptor that JavaScript closes, while calls may run on it in other threads.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <shared_mutex>

class ClosableDescriptor {
 public:
  explicit ClosableDescriptor(int fd) : fd_(fd) {}
  ~ClosableDescriptor() { Close(true); }
  ClosableDescriptor(const ClosableDescriptor&) = delete;
  ClosableDescriptor& operator=(const ClosableDescriptor&) = delete;

  // Closing twice is fine; -EBUSY while a call runs, unless it may wait for its end.
  int Close(bool may_wait) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (may_wait) {
      lock.lock();
    } else if (!lock.try_lock()) {
      return -EBUSY;
    }
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
    return 0;
  }

  // Runs `body` on the open descriptor; -EBADF once it is closed.
  template <class Body>
  auto Use(bool may_wait, Body body) -> decltype(body(0)) {
    std::shared_lock lock(mutex_, std::defer_lock);
    if (may_wait) {
      lock.lock();
    } else if (!lock.try_lock()) {
      return -EBUSY;
    }
    if (fd_ < 0) return -EBADF;
    return body(fd_);
  }

 private:
  std::shared_mutex mutex_;  // shared by calls, exclusive for close
  int fd_;
};
