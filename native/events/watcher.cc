#include "watcher.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "../core/addon.h"
#include "../core/call_on.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"

std::shared_ptr<Watcher> Watcher::New(Napi::Env env, Napi::Function callback, bool threaded, int* status) {
  std::shared_ptr<Watcher> watcher(new Watcher);
  watcher->epoll_ = epoll_create1(EPOLL_CLOEXEC);
  *status = -errno;
  if (watcher->epoll_ < 0) return nullptr;
  auto* self = watcher.get();
  FdPoll::Calls calls = {[self] { self->Report(); }, [self] { self->Call(nullptr, 0); }};
  watcher->poll_ = FdPoll::New(env, watcher->epoll_, std::move(calls), threaded, status);
  if (!watcher->poll_) return nullptr;
  watcher->callback_ = Napi::Persistent(callback);
  return watcher;
}

Watcher::~Watcher() {
  Close();
  if (epoll_ >= 0) close(epoll_);
}

int Watcher::Arm(int fd, bool once) {
  if (!poll_) return -EBADF;
  epoll_event event = {};
  event.events = EPOLLIN | (once ? EPOLLONESHOT : EPOLLET);
  event.data.fd = fd;
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) == 0) return 0;
  if (errno != ENOENT) return -errno;
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

int Watcher::Forget(int fd) {
  if (!poll_) return -EBADF;
  return epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr) == 0 ? 0 : -errno;
}

int Watcher::Tick(uint32_t milliseconds) {
  return poll_ ? poll_->Tick(milliseconds) : -EBADF;
}

int Watcher::KeepAlive(bool alive) {
  if (!poll_) return -EBADF;
  poll_->KeepAlive(alive);
  return 0;
}

void Watcher::Close() {
  if (!poll_) return;
  callback_.Reset();
  poll_->Close();
  poll_.reset();
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

namespace {

Napi::Value WatcherOpen(const Napi::CallbackInfo& info) {
  int status = -EINVAL;
  bool threaded = false;
  std::shared_ptr<Watcher> watcher;
  if (info[0].IsFunction() && Read(info[1], &threaded))
    watcher = Watcher::New(info.Env(), info[0].As<Napi::Function>(), threaded, &status);
  if (!watcher) return Napi::Number::New(info.Env(), status);
  return Handle<Watcher>::Wrap(info.Env(), watcher);
}

}  // namespace

void RegisterWatcher(Napi::Object exports) {
  ExportCall(exports, "watcherOpen", WatcherOpen);
  ExportCall(exports, "watcherArm", CallOn<&Watcher::Arm>);
  ExportCall(exports, "watcherForget", CallOn<&Watcher::Forget>);
  ExportCall(exports, "watcherTick", CallOn<&Watcher::Tick>);
  ExportCall(exports, "watcherKeepAlive", CallOn<&Watcher::KeepAlive>);
  ExportCall(exports, "watcherClose", CallOn<&Watcher::Close>);
}
