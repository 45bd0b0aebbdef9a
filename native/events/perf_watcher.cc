#include "perf_watcher.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"
#include "perf_event.h"

std::shared_ptr<PerfWatcher> PerfWatcher::New(Napi::Env env, Napi::Function callback, int* status) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) {
    *status = -ENOTSUP;
    return nullptr;
  }
  std::shared_ptr<PerfWatcher> watcher(new PerfWatcher);
  watcher->epoll_ = epoll_create1(EPOLL_CLOEXEC);
  *status = watcher->epoll_ < 0 ? -errno : uv_poll_init(loop, &watcher->poll_, watcher->epoll_);
  if (*status != 0) return nullptr;
  watcher->poll_.data = watcher.get();
  watcher->callback_ = Napi::Persistent(callback);
  watcher->self_ = watcher;
  uv_poll_start(&watcher->poll_, UV_READABLE, OnReadable);
  watcher->UpdateRef();
  // A worker's loop must be empty of handles before the worker can end.
  napi_add_async_cleanup_hook(env, OnCleanup, watcher.get(), &watcher->hook_);
  return watcher;
}

PerfWatcher::~PerfWatcher() {
  if (epoll_ >= 0) close(epoll_);
}

int PerfWatcher::Add(int fd) {
  if (closing_) return -EBADF;
  epoll_event event = {};
  event.events = EPOLLIN;
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

int PerfWatcher::Arm() {
  if (closing_) return -EBADF;
  const bool came = pending_;
  pending_ = false;
  armed_ = !came;
  UpdateRef();
  return came ? 1 : 0;
}

void PerfWatcher::Disarm() {
  armed_ = false;
  if (!closing_) UpdateRef();
}

void PerfWatcher::KeepAlive(bool alive) {
  alive_ = alive;
  if (!closing_) UpdateRef();
}

void PerfWatcher::UpdateRef() {
  auto* handle = reinterpret_cast<uv_handle_t*>(&poll_);
  if (armed_ && alive_) {
    uv_ref(handle);
  } else {
    uv_unref(handle);
  }
}

void PerfWatcher::Close() {
  if (closing_) return;
  closing_ = true;
  callback_.Reset();
  uv_poll_stop(&poll_);
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), OnClosed);
}

void PerfWatcher::OnReadable(uv_poll_t* handle, int, int) {
  auto* watcher = static_cast<PerfWatcher*>(handle->data);
  watcher->pending_ = !watcher->armed_;
  if (!watcher->armed_) return;
  watcher->Disarm();
  Napi::Env env = watcher->callback_.Env();
  Napi::HandleScope scope(env);
  watcher->callback_.MakeCallback(env.Global(), {});
}

void PerfWatcher::OnClosed(uv_handle_t* handle) {
  auto* watcher = static_cast<PerfWatcher*>(handle->data);
  napi_remove_async_cleanup_hook(watcher->hook_);
  watcher->self_.reset();
}

void PerfWatcher::OnCleanup(napi_async_cleanup_hook_handle, void* data) {
  static_cast<PerfWatcher*>(data)->Close();
}

namespace {

Napi::Value PerfWatcherOpen(const Napi::CallbackInfo& info) {
  int status = -EINVAL;
  std::shared_ptr<PerfWatcher> watcher;
  if (info[0].IsFunction()) watcher = PerfWatcher::New(info.Env(), info[0].As<Napi::Function>(), &status);
  if (!watcher) return Napi::Number::New(info.Env(), status);
  return Handle<PerfWatcher>::Wrap(info.Env(), watcher);
}

template <class Body>
Napi::Value OnWatcher(const Napi::CallbackInfo& info, Body body) {
  auto watcher = Handle<PerfWatcher>::Unwrap(info[0]);
  return Napi::Number::New(info.Env(), watcher ? body(*watcher) : -EINVAL);
}

Napi::Value PerfWatcherAdd(const Napi::CallbackInfo& info) {
  auto event = Handle<PerfEvent>::Unwrap(info[1]);
  return OnWatcher(info, [&](PerfWatcher& watcher) { return event ? watcher.Add(event->fd) : -EINVAL; });
}

Napi::Value PerfWatcherArm(const Napi::CallbackInfo& info) {
  return OnWatcher(info, [](PerfWatcher& watcher) { return watcher.Arm(); });
}

Napi::Value PerfWatcherDisarm(const Napi::CallbackInfo& info) {
  return OnWatcher(info, [](PerfWatcher& watcher) {
    watcher.Disarm();
    return 0;
  });
}

Napi::Value PerfWatcherKeepAlive(const Napi::CallbackInfo& info) {
  bool alive = false;
  const bool fits = Read(info[1], &alive);
  return OnWatcher(info, [=](PerfWatcher& watcher) {
    if (fits) watcher.KeepAlive(alive);
    return fits ? 0 : -EINVAL;
  });
}

Napi::Value PerfWatcherClose(const Napi::CallbackInfo& info) {
  return OnWatcher(info, [](PerfWatcher& watcher) {
    watcher.Close();
    return 0;
  });
}

}  // namespace

void RegisterPerfWatcher(Napi::Object exports) {
  ExportCall(exports, "perfWatcherOpen", PerfWatcherOpen);
  ExportCall(exports, "perfWatcherAdd", PerfWatcherAdd);
  ExportCall(exports, "perfWatcherArm", PerfWatcherArm);
  ExportCall(exports, "perfWatcherDisarm", PerfWatcherDisarm);
  ExportCall(exports, "perfWatcherKeepAlive", PerfWatcherKeepAlive);
  ExportCall(exports, "perfWatcherClose", PerfWatcherClose);
}
