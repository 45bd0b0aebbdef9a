#include "perf_watcher.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "../core/addon.h"
#include "../core/call_on.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"
#include "perf_event.h"

std::shared_ptr<PerfWatcher> PerfWatcher::New(Napi::Env env, Napi::Function callback, bool threaded,
                                              int* status) {
  std::shared_ptr<PerfWatcher> watcher(new PerfWatcher);
  watcher->epoll_ = epoll_create1(EPOLL_CLOEXEC);
  *status = -errno;
  if (watcher->epoll_ < 0) return nullptr;
  FdPoll::Calls calls = {[self = watcher.get()] { self->Report(); }, [] {}};
  watcher->poll_ = FdPoll::New(env, watcher->epoll_, std::move(calls), threaded, status);
  if (!watcher->poll_) return nullptr;
  watcher->callback_ = Napi::Persistent(callback);
  return watcher;
}

PerfWatcher::~PerfWatcher() {
  Close();
  if (epoll_ >= 0) close(epoll_);
}

int PerfWatcher::Add(int fd) {
  if (!poll_) return -EBADF;
  epoll_event event = {};
  event.events = EPOLLIN;
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

int PerfWatcher::Arm() {
  if (!poll_) return -EBADF;
  const bool came = pending_;
  pending_ = false;
  armed_ = !came;
  UpdateRef();
  return came ? 1 : 0;
}

void PerfWatcher::Disarm() {
  armed_ = false;
  UpdateRef();
}

void PerfWatcher::KeepAlive(bool alive) {
  alive_ = alive;
  UpdateRef();
}

void PerfWatcher::UpdateRef() {
  if (poll_) poll_->KeepAlive(armed_ && alive_);
}

void PerfWatcher::Close() {
  if (!poll_) return;
  callback_.Reset();
  poll_->Close();
  poll_.reset();
}

void PerfWatcher::Report() {
  pending_ = !armed_;
  if (!armed_) return;
  Disarm();
  Napi::Env env = callback_.Env();
  Napi::HandleScope scope(env);
  callback_.MakeCallback(env.Global(), {});
}

namespace {

Napi::Value PerfWatcherOpen(const Napi::CallbackInfo& info) {
  int status = -EINVAL;
  bool threaded = false;
  std::shared_ptr<PerfWatcher> watcher;
  if (info[0].IsFunction() && Read(info[1], &threaded))
    watcher = PerfWatcher::New(info.Env(), info[0].As<Napi::Function>(), threaded, &status);
  if (!watcher) return Napi::Number::New(info.Env(), status);
  return Handle<PerfWatcher>::Wrap(info.Env(), watcher);
}

Napi::Value PerfWatcherAdd(const Napi::CallbackInfo& info) {
  auto watcher = Handle<PerfWatcher>::Unwrap(info[0]);
  auto event = Handle<PerfEvent>::Unwrap(info[1]);
  return Napi::Number::New(info.Env(), watcher && event ? watcher->Add(event->fd) : -EINVAL);
}

}  // namespace

void RegisterPerfWatcher(Napi::Object exports) {
  ExportCall(exports, "perfWatcherOpen", PerfWatcherOpen);
  ExportCall(exports, "perfWatcherAdd", PerfWatcherAdd);
  ExportCall(exports, "perfWatcherArm", CallOn<&PerfWatcher::Arm>);
  ExportCall(exports, "perfWatcherDisarm", CallOn<&PerfWatcher::Disarm>);
  ExportCall(exports, "perfWatcherKeepAlive", CallOn<&PerfWatcher::KeepAlive>);
  ExportCall(exports, "perfWatcherClose", CallOn<&PerfWatcher::Close>);
}
