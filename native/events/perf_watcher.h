// uv_poll on many perf events, on the environment's own loop. The kernel tells of each wake-up once, to
// whoever polls first: so they are watched all the time, by one epoll that nobody else asks, and what comes
// while nobody waits is remembered.
#pragma once

#include <napi.h>
#include <uv.h>

#include <memory>

class PerfWatcher {
 public:
  static constexpr uint64_t kTag = 0x6c62707065726677;

  // Null, with a negative errno in `status`, where the loop refuses.
  static std::shared_ptr<PerfWatcher> New(Napi::Env env, Napi::Function callback, int* status);
  ~PerfWatcher();
  PerfWatcher(const PerfWatcher&) = delete;
  PerfWatcher& operator=(const PerfWatcher&) = delete;

  int Add(int fd);
  // One call of the callback; 1 where something came already, and there will be none.
  int Arm();
  void Disarm();
  // Whether the loop stays alive while armed.
  void KeepAlive(bool alive);
  // Ends for good; idempotent. The environment's end does it too.
  void Close();

 private:
  PerfWatcher() = default;
  void UpdateRef();
  static void OnReadable(uv_poll_t* handle, int status, int events);
  static void OnClosed(uv_handle_t* handle);
  static void OnCleanup(napi_async_cleanup_hook_handle hook, void* data);

  int epoll_ = -1;
  uv_poll_t poll_{};
  Napi::FunctionReference callback_;
  napi_async_cleanup_hook_handle hook_ = nullptr;
  bool armed_ = false;
  bool pending_ = false;
  bool alive_ = true;
  bool closing_ = false;
  std::shared_ptr<PerfWatcher> self_;  // libuv's hold on this memory, until it has closed the handle
};
