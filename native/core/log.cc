#include "log.h"

#include <libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace {

// libbpf's print callback is one for the process and runs on whichever thread is inside libbpf.
thread_local std::string* sink = nullptr;

// Of what libbpf says for debugging alone, the verifier's log of a program that it has accepted.
bool IsVerifierLog(const char* format) {
  return std::strstr(format, "-- BEGIN PROG LOAD LOG --") != nullptr;
}

int Append(enum libbpf_print_level level, const char* format, va_list args) {
  if (sink == nullptr || (level == LIBBPF_DEBUG && !IsVerifierLog(format))) return 0;
  va_list again;
  va_copy(again, args);
  const int size = vsnprintf(nullptr, 0, format, again);  // a verifier log is one message of up to megabytes
  va_end(again);
  if (size <= 0) return 0;
  const size_t start = sink->size();
  sink->resize(start + size + 1);
  vsnprintf(&(*sink)[start], size + 1, format, args);
  sink->resize(start + size);
  return size;
}

}  // namespace

LogCapture::LogCapture(std::string* text) : outer_(sink) {
  sink = text;
}

LogCapture::~LogCapture() {
  sink = outer_;
}

void SilenceLibbpf() {
  libbpf_set_print(Append);
}
