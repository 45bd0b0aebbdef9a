// Tells JavaScript's thread when a descriptor can be read: the environment's own loop waits for it, or a
// thread does where the runtime has Node-API but not libuv, as Bun.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>

class FdPoll {
 public:
  // Both are called on JavaScript's thread; a tick is one of the interval that Tick() asks for.
  struct Calls {
    std::function<void()> readable;
    std::function<void()> tick;
  };

  // Null, with a negative errno in `status`, where it cannot be had. It does not keep the process alive at
  // first.
  static std::shared_ptr<FdPoll> New(Napi::Env env, int fd, Calls calls, bool threaded, int* status);
  virtual ~FdPoll() = default;
  FdPoll(const FdPoll&) = delete;
  FdPoll& operator=(const FdPoll&) = delete;

  // A call every so many milliseconds; 0: none.
  virtual int Tick(uint32_t milliseconds) = 0;
  virtual void KeepAlive(bool alive) = 0;
  // Ends for good, without a call after it; idempotent. The environment's end does it too.
  virtual void Close() = 0;

 protected:
  FdPoll() = default;
};

std::shared_ptr<FdPoll> NewLoopPoll(Napi::Env env, int fd, FdPoll::Calls calls, int* status);
std::shared_ptr<FdPoll> NewThreadPoll(Napi::Env env, int fd, FdPoll::Calls calls, int* status);
