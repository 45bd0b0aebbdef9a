#include "log_listener.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <utility>

#include "addon.h"
#include "handle.h"
#include "job.h"
#include "values.h"

namespace {

// libbpf has one print callback for the process (libbpf_set_print() in libbpf.c), so listeners are one list
// for the process too. It is never freed: a thread may be inside libbpf while the process ends.
struct List {
  std::mutex mutex;
  std::vector<std::shared_ptr<LogListener>> listeners;
};

List& All() {
  static auto* all = new List;
  return *all;
}

// The highest level that a listener asked for; -1 without listeners.
std::atomic<int> heard{-1};

// What may wait for a thread that is busy, as with a load on it.
constexpr size_t kMessages = 16384;
constexpr size_t kBytes = size_t{1} << 26;

// An environment ends. Node calls its hooks from the last to the first, so this one comes before that of
// `wake_`: no thread finds the listener once it is gone.
void EndWithEnvironment(void* listener) {
  static_cast<LogListener*>(listener)->End();
}

Napi::Value LogListen(const Napi::CallbackInfo& info) {
  uint32_t most = 0;
  if (!info[0].IsFunction() || !Read(info[1], &most) || most > LIBBPF_DEBUG)
    return Napi::Number::New(info.Env(), -EINVAL);
  auto listener =
      LogListener::Begin(info.Env(), info[0].As<Napi::Function>(), static_cast<libbpf_print_level>(most));
  if (!listener) return Napi::Number::New(info.Env(), -ENOMEM);
  return Handle<LogListener>::Wrap(info.Env(), listener);
}

// (listener): [level, text, how many were lost before it] for each message since the last call.
Napi::Value LogTake(const Napi::CallbackInfo& info) {
  auto listener = Handle<LogListener>::Unwrap(info[0]);
  if (!listener) return Napi::Number::New(info.Env(), -EINVAL);
  auto list = Napi::Array::New(info.Env());
  for (const auto& message : listener->Take()) {
    auto each = Napi::Array::New(info.Env(), 3);
    each.Set(0u, Napi::Number::New(info.Env(), message.level));
    each.Set(1u, Napi::String::New(info.Env(), message.text));
    each.Set(2u, Napi::Number::New(info.Env(), message.lost));
    list.Set(list.Length(), each);
  }
  return list;
}

Napi::Value LogUnlisten(const Napi::CallbackInfo& info) {
  auto listener = Handle<LogListener>::Unwrap(info[0]);
  if (listener) listener->End();
  return Napi::Number::New(info.Env(), listener ? 0 : -EINVAL);
}

}  // namespace

bool LogListener::IsHeard(libbpf_print_level level) {
  return static_cast<int>(level) <= heard.load(std::memory_order_relaxed);
}

void LogListener::Tell(libbpf_print_level level, const std::string& text) {
  auto& all = All();
  std::lock_guard lock(all.mutex);
  for (const auto& listener : all.listeners)
    if (level <= listener->most_) listener->Keep(level, text);
}

// Inside the list's lock: `wake_` lives as long as the listener is in the list.
void LogListener::Keep(libbpf_print_level level, const std::string& text) {
  std::lock_guard lock(mutex_);
  if (kept_.size() >= kMessages || bytes_ + text.size() > kBytes) {
    lost_++;
    return;
  }
  kept_.push_back({level, text, lost_});
  bytes_ += text.size();
  lost_ = 0;
  if (kept_.size() == 1) napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
}

std::vector<LogListener::Message> LogListener::Take() {
  std::lock_guard lock(mutex_);
  bytes_ = 0;
  return std::exchange(kept_, {});
}

std::shared_ptr<LogListener> LogListener::Begin(Napi::Env env, Napi::Function wake, libbpf_print_level most) {
  auto self = std::make_shared<LogListener>();
  napi_value name = Napi::String::New(env, "libbpf log");
  if (napi_create_threadsafe_function(env, wake, nullptr, name, 0, 1, nullptr, nullptr, nullptr, nullptr,
                                      &self->wake_) != napi_ok)
    return nullptr;
  napi_unref_threadsafe_function(env, self->wake_);  // listening alone keeps no process alive
  self->env_ = env;
  self->most_ = most;
  napi_add_env_cleanup_hook(env, EndWithEnvironment, self.get());
  auto& all = All();
  std::lock_guard lock(all.mutex);
  all.listeners.push_back(self);
  heard = std::max(heard.load(), static_cast<int>(most));
  return self;
}

void LogListener::End() {
  const auto self = shared_from_this();  // the list may be all that holds it
  {
    auto& all = All();
    std::lock_guard lock(all.mutex);
    const auto found = std::find(all.listeners.begin(), all.listeners.end(), self);
    if (found == all.listeners.end()) return;
    all.listeners.erase(found);
    int most = -1;
    for (const auto& other : all.listeners) most = std::max(most, static_cast<int>(other->most_));
    heard = most;
  }
  napi_remove_env_cleanup_hook(env_, EndWithEnvironment, this);
  napi_release_threadsafe_function(wake_, napi_tsfn_abort);
}

void RegisterLogListener(Napi::Object exports) {
  ExportCall(exports, "logListen", LogListen);
  ExportCall(exports, "logTake", LogTake);
  ExportCall(exports, "logUnlisten", LogUnlisten);
}
