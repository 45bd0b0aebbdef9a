// libbpf's log, captured for the call that caused it; nothing is ever printed.
#pragma once

#include <string>

// While it lives, libbpf's messages on this thread are appended to `text`.
class LogCapture {
 public:
  explicit LogCapture(std::string* text);
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

 private:
  std::string* outer_;
};

// Takes the place of libbpf's printing to stderr, once for the process.
void SilenceLibbpf();
