// One uv_poll for many descriptors, on the environment's own loop: an epoll inside the loop's own epoll.
// Tells JavaScript which of them can be read; and one uv_timer, for those that are not waited for.
#pragma once

#include <napi.h>
#include <sys/epoll.h>
#include <uv.h>

#include <memory>

class Watcher : public std::enable_shared_from_this<Watcher> {
 public:
  static constexpr uint64_t kTag = 0x6c62707761746368;
  static constexpr int kMostAtOnce = 64;

  // Null, with a negative errno in `status`, where the loop refuses. The callback gets the descriptors, or
  // none at a tick.
  static std::shared_ptr<Watcher> New(Napi::Env env, Napi::Function callback, int* status);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // One report of this descriptor; or one whenever the kernel wakes who waits for it.
  int Arm(int fd, bool once);
  // No report, and no knowledge of it any more.
  int Forget(int fd);
  // A call every so many milliseconds; 0: none.
  int Tick(uint32_t milliseconds);
  // Whether the loop stays alive for what is armed.
  int KeepAlive(bool alive);
  // Ends for good; idempotent. The environment's end does it too.
  void Close();

 private:
  Watcher() = default;
  void Report();
  void Call(const epoll_event* events, int count);
  static void OnReadable(uv_poll_t* handle, int status, int events);
  static void OnTick(uv_timer_t* handle);
  static void OnClosed(uv_handle_t* handle);
  static void OnCleanup(napi_async_cleanup_hook_handle hook, void* data);

  int epoll_ = -1;
  uv_poll_t poll_{};
  uv_timer_t timer_{};
  int open_ = 2;  // of the two
  Napi::FunctionReference callback_;
  napi_async_cleanup_hook_handle hook_ = nullptr;
  bool closing_ = false;
  std::shared_ptr<Watcher> self_;  // libuv's hold on this memory, until it has closed the handles
};
