#include "watcher.h"

#include <unistd.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"

std::shared_ptr<Watcher> Watcher::New(Napi::Env env, Napi::Function callback, int* status) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) {
    *status = -ENOTSUP;
    return nullptr;
  }
  std::shared_ptr<Watcher> watcher(new Watcher);
  watcher->epoll_ = epoll_create1(EPOLL_CLOEXEC);
  *status = watcher->epoll_ < 0 ? -errno : uv_poll_init(loop, &watcher->poll_, watcher->epoll_);
  if (*status != 0) return nullptr;
  uv_timer_init(loop, &watcher->timer_);
  watcher->poll_.data = watcher->timer_.data = watcher.get();
  watcher->callback_ = Napi::Persistent(callback);
  watcher->self_ = watcher;
  uv_poll_start(&watcher->poll_, UV_READABLE, OnReadable);
  watcher->KeepAlive(false);
  // A worker's loop must be empty of handles before the worker can end.
  napi_add_async_cleanup_hook(env, OnCleanup, watcher.get(), &watcher->hook_);
  return watcher;
}

Watcher::~Watcher() {
  if (epoll_ >= 0) close(epoll_);
}

int Watcher::Arm(int fd, bool once) {
  if (closing_) return -EBADF;
  epoll_event event = {};
  event.events = EPOLLIN | (once ? EPOLLONESHOT : EPOLLET);
  event.data.fd = fd;
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) == 0) return 0;
  if (errno != ENOENT) return -errno;
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

int Watcher::Forget(int fd) {
  if (closing_) return -EBADF;
  return epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr) == 0 ? 0 : -errno;
}

int Watcher::Tick(uint32_t milliseconds) {
  if (closing_) return -EBADF;
  return milliseconds == 0 ? uv_timer_stop(&timer_)
                           : uv_timer_start(&timer_, OnTick, milliseconds, milliseconds);
}

int Watcher::KeepAlive(bool alive) {
  if (closing_) return -EBADF;
  for (auto* handle : {reinterpret_cast<uv_handle_t*>(&poll_), reinterpret_cast<uv_handle_t*>(&timer_)}) {
    if (alive) {
      uv_ref(handle);
    } else {
      uv_unref(handle);
    }
  }
  return 0;
}

void Watcher::Close() {
  if (closing_) return;
  closing_ = true;
  callback_.Reset();
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), OnClosed);
  uv_close(reinterpret_cast<uv_handle_t*>(&timer_), OnClosed);
}

void Watcher::Report() {
  epoll_event events[kMostAtOnce];
  const int count = epoll_wait(epoll_, events, kMostAtOnce, 0);
  if (count > 0) Call(events, count);
}

void Watcher::Call(const epoll_event* events, int count) {
  Napi::Env env = callback_.Env();
  Napi::HandleScope scope(env);
  napi_value ready[kMostAtOnce];
  for (int index = 0; index < count; index++) ready[index] = Napi::Number::New(env, events[index].data.fd);
  callback_.MakeCallback(env.Global(), count, ready);
}

void Watcher::OnReadable(uv_poll_t* handle, int, int) {
  static_cast<Watcher*>(handle->data)->Report();
}

void Watcher::OnTick(uv_timer_t* handle) {
  static_cast<Watcher*>(handle->data)->Call(nullptr, 0);
}

void Watcher::OnClosed(uv_handle_t* handle) {
  auto* watcher = static_cast<Watcher*>(handle->data);
  if (--watcher->open_ > 0) return;
  napi_remove_async_cleanup_hook(watcher->hook_);
  watcher->self_.reset();
}

void Watcher::OnCleanup(napi_async_cleanup_hook_handle, void* data) {
  static_cast<Watcher*>(data)->Close();
}

namespace {

Napi::Value WatcherOpen(const Napi::CallbackInfo& info) {
  int status = -EINVAL;
  std::shared_ptr<Watcher> watcher;
  if (info[0].IsFunction()) watcher = Watcher::New(info.Env(), info[0].As<Napi::Function>(), &status);
  if (!watcher) return Napi::Number::New(info.Env(), status);
  return Handle<Watcher>::Wrap(info.Env(), watcher);
}

Napi::Value WatcherArm(const Napi::CallbackInfo& info) {
  auto watcher = Handle<Watcher>::Unwrap(info[0]);
  int32_t fd = -1;
  bool once = false;
  const bool fits = watcher && ReadFrom(info, 1, &fd, &once);
  return Napi::Number::New(info.Env(), fits ? watcher->Arm(fd, once) : -EINVAL);
}

Napi::Value WatcherForget(const Napi::CallbackInfo& info) {
  auto watcher = Handle<Watcher>::Unwrap(info[0]);
  int32_t fd = -1;
  const bool fits = watcher && Read(info[1], &fd);
  return Napi::Number::New(info.Env(), fits ? watcher->Forget(fd) : -EINVAL);
}

Napi::Value WatcherTick(const Napi::CallbackInfo& info) {
  auto watcher = Handle<Watcher>::Unwrap(info[0]);
  uint32_t milliseconds = 0;
  const bool fits = watcher && Read(info[1], &milliseconds);
  return Napi::Number::New(info.Env(), fits ? watcher->Tick(milliseconds) : -EINVAL);
}

Napi::Value WatcherKeepAlive(const Napi::CallbackInfo& info) {
  auto watcher = Handle<Watcher>::Unwrap(info[0]);
  bool alive = false;
  const bool fits = watcher && Read(info[1], &alive);
  return Napi::Number::New(info.Env(), fits ? watcher->KeepAlive(alive) : -EINVAL);
}

Napi::Value WatcherClose(const Napi::CallbackInfo& info) {
  auto watcher = Handle<Watcher>::Unwrap(info[0]);
  if (watcher) watcher->Close();
  return Napi::Number::New(info.Env(), watcher ? 0 : -EINVAL);
}

}  // namespace

void RegisterWatcher(Napi::Object exports) {
  ExportCall(exports, "watcherOpen", WatcherOpen);
  ExportCall(exports, "watcherArm", WatcherArm);
  ExportCall(exports, "watcherForget", WatcherForget);
  ExportCall(exports, "watcherTick", WatcherTick);
  ExportCall(exports, "watcherKeepAlive", WatcherKeepAlive);
  ExportCall(exports, "watcherClose", WatcherClose);
}
