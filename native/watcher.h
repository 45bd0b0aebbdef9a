// uv_poll on one descriptor, on the environment's own loop: calls JavaScript once when it can be read.
#pragma once

#include <napi.h>
#include <uv.h>

#include <memory>

class Watcher : public std::enable_shared_from_this<Watcher> {
 public:
  // Null, with a negative errno in `status`, where the loop refuses the descriptor.
  static std::shared_ptr<Watcher> New(Napi::Env env, int fd, Napi::Function callback, int* status);
  ~Watcher() = default;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // One call of the callback; while it is awaited the loop stays alive.
  int Arm();
  void Disarm();
  // Ends for good; idempotent. The environment's end does it too.
  void Close();

 private:
  Watcher() = default;
  static void OnReadable(uv_poll_t* handle, int status, int events);
  static void OnClosed(uv_handle_t* handle);
  static void OnCleanup(napi_async_cleanup_hook_handle hook, void* data);

  uv_poll_t poll_{};
  Napi::FunctionReference callback_;
  napi_async_cleanup_hook_handle hook_ = nullptr;
  bool closing_ = false;
  std::shared_ptr<Watcher> self_;  // libuv's hold on this memory, until it has closed the handle
};
