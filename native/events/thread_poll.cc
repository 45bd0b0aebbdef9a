#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

#include "fd_poll.h"

namespace {

class ThreadPoll : public FdPoll {
 public:
  ThreadPoll(Napi::Env env, int fd, Calls calls) : env_(env), fd_(fd), calls_(std::move(calls)) {}

  ~ThreadPoll() override {
    if (timer_ >= 0) close(timer_);
    if (wake_ >= 0) close(wake_);
  }

  static std::shared_ptr<ThreadPoll> Start(Napi::Env env, int fd, Calls calls, int* status) {
    auto self = std::make_shared<ThreadPoll>(env, fd, std::move(calls));
    self->timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    self->wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    *status = self->timer_ < 0 || self->wake_ < 0 ? -errno : 0;
    if (*status != 0) return nullptr;
    const Napi::String name = Napi::String::New(env, "libbpf-ts");
    *status = -ENOMEM;
    if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, self.get(),
                                        OnCall, &self->call_) != napi_ok)
      return nullptr;
    napi_unref_threadsafe_function(env, self->call_);
    *status = -pthread_create(&self->thread_, nullptr, OnThread, self.get());
    if (*status != 0) {
      napi_release_threadsafe_function(self->call_, napi_tsfn_abort);
      return nullptr;
    }
    napi_add_env_cleanup_hook(env, OnCleanup, self.get());
    self->self_ = self;
    return self;
  }

  int Tick(uint32_t milliseconds) override {
    itimerspec interval = {};
    interval.it_interval = {milliseconds / 1000, static_cast<long>(milliseconds % 1000) * 1000000};
    interval.it_value = interval.it_interval;
    return timerfd_settime(timer_, 0, &interval, nullptr) == 0 ? 0 : -errno;
  }

  void KeepAlive(bool alive) override {
    if (alive) {
      napi_ref_threadsafe_function(env_, call_);
    } else {
      napi_unref_threadsafe_function(env_, call_);
    }
  }

  void Close() override {
    if (closing_.exchange(true)) return;
    Wake();
    pthread_join(thread_, nullptr);
    napi_remove_env_cleanup_hook(env_, OnCleanup, this);
    // What is queued is dropped: OnCall() gets no environment then, and touches nothing.
    napi_release_threadsafe_function(call_, napi_tsfn_abort);
    self_.reset();
  }

 private:
  // One call at a time: until JavaScript has looked, the descriptor would be ready again and again.
  void Run() {
    bool asked = false;
    while (!closing_) {
      pollfd fds[] = {{wake_, POLLIN, 0}, {timer_, POLLIN, 0}, {fd_, POLLIN, 0}};
      poll(fds, asked ? 1 : 3, -1);
      if (fds[0].revents != 0) {
        Drain(wake_);
        asked = false;
      } else if (!asked && (fds[1].revents != 0 || fds[2].revents != 0)) {
        if (fds[1].revents != 0) ticked_ = Drain(timer_);
        if (fds[2].revents != 0) readable_ = true;
        asked = true;
        napi_call_threadsafe_function(call_, nullptr, napi_tsfn_nonblocking);
      }
    }
  }

  static void* OnThread(void* self) {
    static_cast<ThreadPoll*>(self)->Run();
    return nullptr;
  }

  static bool Drain(int fd) {
    uint64_t count = 0;
    return read(fd, &count, sizeof(count)) == sizeof(count);
  }

  void Wake() {
    const uint64_t one = 1;
    // A counter that is full wakes as well.
    [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof(one));
  }

  static void OnCall(napi_env env, napi_value, void* context, void*) {
    if (env == nullptr) return;
    auto self = static_cast<ThreadPoll*>(context)->self_;
    if (!self || self->closing_) return;
    const Napi::HandleScope scope(env);
    if (self->readable_.exchange(false)) self->calls_.readable();
    if (!self->closing_ && self->ticked_.exchange(false)) self->calls_.tick();
    if (!self->closing_) self->Wake();
  }

  static void OnCleanup(void* data) { static_cast<ThreadPoll*>(data)->Close(); }

  Napi::Env env_;
  const int fd_;
  Calls calls_;
  int timer_ = -1;
  int wake_ = -1;
  std::atomic<bool> readable_{false};
  std::atomic<bool> ticked_{false};
  std::atomic<bool> closing_{false};
  napi_threadsafe_function call_ = nullptr;
  pthread_t thread_{};
  std::shared_ptr<ThreadPoll> self_;  // the thread's hold on this memory, until it has ended
};

}  // namespace

std::shared_ptr<FdPoll> NewThreadPoll(Napi::Env env, int fd, FdPoll::Calls calls, int* status) {
  return ThreadPoll::Start(env, fd, std::move(calls), status);
}
