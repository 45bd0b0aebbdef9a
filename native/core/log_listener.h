// Listeners to libbpf's messages, of all threads of the process, which are kept until JavaScript takes
// them.
#pragma once

#include <libbpf.h>
#include <napi.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

class LogListener : public std::enable_shared_from_this<LogListener> {
 public:
  static constexpr uint64_t kTag = 0x6c62706c6f676c73;

  struct Message {
    libbpf_print_level level;
    std::string text;
    uint32_t lost;  // messages before it for which there was no room
  };

  // Cheap: it is asked for each message, and nearly always nobody listens.
  static bool IsHeard(libbpf_print_level level);
  // Keeps the message for each listener of its level; never waits for JavaScript.
  static void Tell(libbpf_print_level level, const std::string& text);

  // `wake` is called when messages came to where there were none. Null where Node refuses.
  static std::shared_ptr<LogListener> Begin(Napi::Env env, Napi::Function wake, libbpf_print_level most);
  // Empties what was kept.
  std::vector<Message> Take();
  // Again: nothing. From its own thread alone.
  void End();

 private:
  void Keep(libbpf_print_level level, const std::string& text);

  napi_env env_ = nullptr;
  napi_threadsafe_function wake_ = nullptr;
  libbpf_print_level most_ = LIBBPF_WARN;

  std::mutex mutex_;  // of what follows
  std::vector<Message> kept_;
  size_t bytes_ = 0;
  uint32_t lost_ = 0;
};
