// One wait for many descriptors: an epoll inside the loop's own epoll. Tells JavaScript which of them can be
// read; and ticks, for those that are not waited for.
#pragma once

#include <napi.h>
#include <sys/epoll.h>

#include <memory>

#include "fd_poll.h"

class Watcher {
 public:
  static constexpr uint64_t kTag = 0x6c62707761746368;
  static constexpr int kMostAtOnce = 64;

  // Null, with a negative errno in `status`, where it cannot be had. The callback gets the descriptors, or
  // none at a tick. `threaded`: see FdPoll.
  static std::shared_ptr<Watcher> New(Napi::Env env, Napi::Function callback, bool threaded, int* status);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // One report of this descriptor; or one for each wake-up (EPOLLONESHOT or EPOLLET of epoll_ctl(2)).
  int Arm(int fd, bool once);
  // No report, and no knowledge of it any more.
  int Forget(int fd);
  // A call every so many milliseconds; 0: none.
  int Tick(uint32_t milliseconds);
  // Whether the loop stays alive for what is armed.
  int KeepAlive(bool alive);
  // Ends for good; idempotent.
  void Close();

 private:
  Watcher() = default;
  void Report();
  void Call(const epoll_event* events, int count);

  int epoll_ = -1;
  std::shared_ptr<FdPoll> poll_;  // until it is closed
  Napi::FunctionReference callback_;
};
