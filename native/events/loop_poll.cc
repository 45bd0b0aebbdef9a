#include <uv.h>

#include <cerrno>
#include <utility>

#include "fd_poll.h"

namespace {

class LoopPoll : public FdPoll {
 public:
  explicit LoopPoll(Calls calls) : calls_(std::move(calls)) {}

  static std::shared_ptr<LoopPoll> Start(Napi::Env env, int fd, Calls calls, int* status) {
    uv_loop_t* loop = nullptr;
    *status = -ENOTSUP;
    if (napi_get_uv_event_loop(env, &loop) != napi_ok) return nullptr;
    auto self = std::make_shared<LoopPoll>(std::move(calls));
    *status = uv_poll_init(loop, &self->poll_, fd);
    if (*status != 0) return nullptr;
    uv_timer_init(loop, &self->timer_);
    self->poll_.data = self->timer_.data = self.get();
    self->self_ = self;
    uv_poll_start(&self->poll_, UV_READABLE, OnReadable);
    self->KeepAlive(false);
    // A worker's loop must be empty of handles before the worker can end.
    napi_add_async_cleanup_hook(env, OnCleanup, self.get(), &self->hook_);
    return self;
  }

  int Tick(uint32_t milliseconds) override {
    if (milliseconds == 0) return uv_timer_stop(&timer_);
    return uv_timer_start(&timer_, OnTick, milliseconds, milliseconds);
  }

  void KeepAlive(bool alive) override {
    for (auto* handle : {reinterpret_cast<uv_handle_t*>(&poll_), reinterpret_cast<uv_handle_t*>(&timer_)}) {
      if (alive) {
        uv_ref(handle);
      } else {
        uv_unref(handle);
      }
    }
  }

  void Close() override {
    if (std::exchange(closing_, true)) return;
    uv_close(reinterpret_cast<uv_handle_t*>(&poll_), OnClosed);
    uv_close(reinterpret_cast<uv_handle_t*>(&timer_), OnClosed);
  }

 private:
  static void OnReadable(uv_poll_t* handle, int, int) {
    static_cast<LoopPoll*>(handle->data)->calls_.readable();
  }
  static void OnTick(uv_timer_t* handle) { static_cast<LoopPoll*>(handle->data)->calls_.tick(); }
  static void OnClosed(uv_handle_t* handle) {
    auto* poll = static_cast<LoopPoll*>(handle->data);
    if (--poll->open_ > 0) return;
    napi_remove_async_cleanup_hook(poll->hook_);
    poll->self_.reset();
  }
  static void OnCleanup(napi_async_cleanup_hook_handle, void* data) { static_cast<LoopPoll*>(data)->Close(); }

  Calls calls_;
  uv_poll_t poll_{};
  uv_timer_t timer_{};
  int open_ = 2;  // of the two
  napi_async_cleanup_hook_handle hook_ = nullptr;
  bool closing_ = false;
  std::shared_ptr<LoopPoll> self_;  // libuv's hold on this memory, until it has closed the handles
};

}  // namespace

std::shared_ptr<FdPoll> NewLoopPoll(Napi::Env env, int fd, FdPoll::Calls calls, int* status) {
  return LoopPoll::Start(env, fd, std::move(calls), status);
}

std::shared_ptr<FdPoll> FdPoll::New(Napi::Env env, int fd, Calls calls, bool threaded, int* status) {
  return threaded ? NewThreadPoll(env, fd, std::move(calls), status)
                  : NewLoopPoll(env, fd, std::move(calls), status);
}
