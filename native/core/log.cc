#include "log.h"

#include <libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "log_listener.h"

namespace {

// libbpf_set_print() in libbpf.c sets one callback for the process; it runs on the thread that called
// libbpf.
thread_local std::string* sink = nullptr;

// Of libbpf's debug messages, the verifier's log of an accepted program (bpf_object_load_prog() in
// libbpf.c).
bool IsVerifierLog(const char* format) {
  return std::strstr(format, "-- BEGIN PROG LOAD LOG --") != nullptr;
}

bool IsForSink(enum libbpf_print_level level, const char* format) {
  return sink != nullptr && (level != LIBBPF_DEBUG || IsVerifierLog(format));
}

// A verifier log is one message of up to megabytes.
std::string Format(const char* format, va_list args) {
  va_list again;
  va_copy(again, args);
  const int size = vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (size <= 0) return {};
  std::string text(size + 1, '\0');
  vsnprintf(text.data(), text.size(), format, args);
  text.resize(size);
  return text;
}

int Take(enum libbpf_print_level level, const char* format, va_list args) {
  const bool for_sink = IsForSink(level, format);
  const bool for_listeners = LogListener::IsHeard(level);
  if (!for_sink && !for_listeners) return 0;
  const std::string text = Format(format, args);
  if (for_sink) sink->append(text);
  if (for_listeners) LogListener::Tell(level, text);
  return static_cast<int>(text.size());
}

}  // namespace

LogCapture::LogCapture(std::string* text) : outer_(sink) {
  sink = text;
}

LogCapture::~LogCapture() {
  sink = outer_;
}

void SilenceLibbpf() {
  libbpf_set_print(Take);
}
