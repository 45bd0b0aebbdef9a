#include "perf_event.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <cstring>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"

namespace {

// (struct perf_event_attr, pid, cpu, descriptor of the group's leader or -1)
Napi::Value PerfEventOpen(const Napi::CallbackInfo& info) {
  Bytes bytes;
  int32_t pid = 0, cpu = 0, group = 0;
  perf_event_attr attr = {};
  if (!ReadFrom(info, 0, &bytes, &pid, &cpu, &group) || bytes.size > sizeof(attr))
    return Napi::Number::New(info.Env(), -EINVAL);
  CopyBytes(&attr, bytes.data, bytes.size);
  attr.size = sizeof(attr);
  const auto fd =
      static_cast<int>(syscall(SYS_perf_event_open, &attr, pid, cpu, group, PERF_FLAG_FD_CLOEXEC));
  if (fd < 0) return Napi::Number::New(info.Env(), -errno);
  return Handle<PerfEvent>::Wrap(info.Env(), std::make_shared<PerfEvent>(fd));
}

template <class Body>
Napi::Value OnEvent(const Napi::CallbackInfo& info, Body body) {
  auto event = Handle<PerfEvent>::Unwrap(info[0]);
  int64_t answer = -EINVAL;
  if (event) answer = event->fd < 0 ? -EBADF : static_cast<int64_t>(body(*event));
  return Napi::Number::New(info.Env(), static_cast<double>(answer));
}

template <class Body>
Napi::Value OnRing(const Napi::CallbackInfo& info, Body body) {
  return OnEvent(info, [&](PerfEvent& event) {
    return event.ring ? static_cast<int64_t>(body(*event.ring)) : -ENODATA;
  });
}

Napi::Value PerfEventFd(const Napi::CallbackInfo& info) {
  return OnEvent(info, [](PerfEvent& event) { return event.fd; });
}

Napi::Value PerfEventEnable(const Napi::CallbackInfo& info) {
  return OnEvent(
      info, [](PerfEvent& event) { return ioctl(event.fd, PERF_EVENT_IOC_ENABLE, 0) == 0 ? 0 : -errno; });
}

Napi::Value PerfEventDisable(const Napi::CallbackInfo& info) {
  return OnEvent(
      info, [](PerfEvent& event) { return ioctl(event.fd, PERF_EVENT_IOC_DISABLE, 0) == 0 ? 0 : -errno; });
}

Napi::Value PerfEventReset(const Napi::CallbackInfo& info) {
  return OnEvent(info,
                 [](PerfEvent& event) { return ioctl(event.fd, PERF_EVENT_IOC_RESET, 0) == 0 ? 0 : -errno; });
}

// (event, whether output into its memory stops: PERF_EVENT_IOC_PAUSE_OUTPUT of perf_event_open(2))
Napi::Value PerfEventPauseOutput(const Napi::CallbackInfo& info) {
  bool pause = false;
  const bool fits = Read(info[1], &pause);
  return OnEvent(info, [=](PerfEvent& event) {
    if (!fits) return -EINVAL;
    return ioctl(event.fd, PERF_EVENT_IOC_PAUSE_OUTPUT, pause ? 1 : 0) == 0 ? 0 : -errno;
  });
}

// As read(2) answers: what read_format asks for.
Napi::Value PerfEventRead(const Napi::CallbackInfo& info) {
  Bytes out;
  const bool fits = Read(info[1], &out);
  return OnEvent(info, [=](PerfEvent& event) -> int64_t {
    if (!fits) return -EINVAL;
    const ssize_t length = read(event.fd, out.data, out.size);
    return length < 0 ? -errno : length;
  });
}

// (event, bytes of memory, whether the newest overwrite the oldest)
Napi::Value PerfEventMap(const Napi::CallbackInfo& info) {
  uint32_t size = 0;
  bool backward = false;
  const bool fits = ReadFrom(info, 1, &size, &backward);
  return OnEvent(info, [=](PerfEvent& event) { return fits ? event.Map(size, backward) : -EINVAL; });
}

// (event, out, most records, their note, whether they have times, out: struct Report)
Napi::Value PerfEventDrain(const Napi::CallbackInfo& info) {
  Bytes out, bytes;
  uint32_t most = 0, note = 0;
  bool timed = false;
  const bool fits = ReadFrom(info, 1, &out, &most, &note, &timed, &bytes);
  return OnRing(info, [=](PerfRing& ring) {
    PerfRing::Report report = {};
    if (!fits || bytes.size != sizeof(report)) return -EINVAL;
    const int count = ring.Drain(out.data, out.size, most, note, timed, &report);
    memcpy(bytes.data, &report, sizeof(report));
    return count;
  });
}

Napi::Value PerfEventAvailable(const Napi::CallbackInfo& info) {
  return OnRing(info, [](PerfRing& ring) { return static_cast<int64_t>(ring.Available()); });
}

Napi::Value PerfEventClose(const Napi::CallbackInfo& info) {
  auto event = Handle<PerfEvent>::Unwrap(info[0]);
  if (event) event->Close();
  return Napi::Number::New(info.Env(), event ? 0 : -EINVAL);
}

}  // namespace

void RegisterPerfEvent(Napi::Object exports) {
  ExportCall(exports, "perfEventOpen", PerfEventOpen);
  ExportCall(exports, "perfEventFd", PerfEventFd);
  ExportCall(exports, "perfEventEnable", PerfEventEnable);
  ExportCall(exports, "perfEventDisable", PerfEventDisable);
  ExportCall(exports, "perfEventReset", PerfEventReset);
  ExportCall(exports, "perfEventPauseOutput", PerfEventPauseOutput);
  ExportCall(exports, "perfEventRead", PerfEventRead);
  ExportCall(exports, "perfEventMap", PerfEventMap);
  ExportCall(exports, "perfEventDrain", PerfEventDrain);
  ExportCall(exports, "perfEventAvailable", PerfEventAvailable);
  ExportCall(exports, "perfEventClose", PerfEventClose);
}
