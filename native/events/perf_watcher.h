// One wait for many perf events. The kernel tells of each wake-up once, to the first that polls (perf_poll()
// in kernel/events/core.c): so they are watched all the time, by one epoll that nothing else asks, and what
// comes while nothing is armed is remembered.
#pragma once

#include <napi.h>

#include <memory>

#include "fd_poll.h"

class PerfWatcher {
 public:
  static constexpr uint64_t kTag = 0x6c62707065726677;

  // Null, with a negative errno in `status`, where it cannot be had. `threaded`: see FdPoll.
  static std::shared_ptr<PerfWatcher> New(Napi::Env env, Napi::Function callback, bool threaded, int* status);
  ~PerfWatcher();
  PerfWatcher(const PerfWatcher&) = delete;
  PerfWatcher& operator=(const PerfWatcher&) = delete;

  int Add(int fd);
  // One call of the callback; 1 where something came already, and there will be none.
  int Arm();
  void Disarm();
  // Whether the loop stays alive while armed.
  void KeepAlive(bool alive);
  // Ends for good; idempotent.
  void Close();

 private:
  PerfWatcher() = default;
  void UpdateRef();
  void Report();

  int epoll_ = -1;
  std::shared_ptr<FdPoll> poll_;  // until it is closed
  Napi::FunctionReference callback_;
  bool armed_ = false;
  bool pending_ = false;
  bool alive_ = true;
};
