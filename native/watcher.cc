#include "watcher.h"

#include <cerrno>

std::shared_ptr<Watcher> Watcher::New(Napi::Env env, int fd, Napi::Function callback, int* status) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) {
    *status = -ENOTSUP;
    return nullptr;
  }
  std::shared_ptr<Watcher> watcher(new Watcher);
  *status = uv_poll_init(loop, &watcher->poll_, fd);
  if (*status != 0) return nullptr;
  watcher->poll_.data = watcher.get();
  watcher->callback_ = Napi::Persistent(callback);
  watcher->self_ = watcher;
  // A worker's loop must be empty of handles before the worker can end.
  napi_add_async_cleanup_hook(env, OnCleanup, watcher.get(), &watcher->hook_);
  return watcher;
}

int Watcher::Arm() {
  return closing_ ? -EBADF : uv_poll_start(&poll_, UV_READABLE, OnReadable);
}

void Watcher::Disarm() {
  if (!closing_) uv_poll_stop(&poll_);
}

void Watcher::Close() {
  if (closing_) return;
  closing_ = true;
  callback_.Reset();
  uv_poll_stop(&poll_);
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), OnClosed);
}

void Watcher::OnReadable(uv_poll_t* handle, int status, int) {
  auto* watcher = static_cast<Watcher*>(handle->data);
  watcher->Disarm();
  Napi::Env env = watcher->callback_.Env();
  Napi::HandleScope scope(env);
  watcher->callback_.MakeCallback(env.Global(), {Napi::Number::New(env, status)});
}

void Watcher::OnClosed(uv_handle_t* handle) {
  auto* watcher = static_cast<Watcher*>(handle->data);
  napi_remove_async_cleanup_hook(watcher->hook_);
  watcher->self_.reset();
}

void Watcher::OnCleanup(napi_async_cleanup_hook_handle, void* data) {
  static_cast<Watcher*>(data)->Close();
}
