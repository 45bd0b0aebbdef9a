// Attaching to perf events, which are opened here: libbpf leaves that to its caller.
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/values.h"
#include "attach.h"

namespace {

bpf_link* AttachToEvent(bpf_program* program, const perf_event_attr& attr, int pid, int cpu,
                        uint64_t cookie) {
  const auto fd = static_cast<int>(syscall(SYS_perf_event_open, &attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC));
  if (fd < 0) return nullptr;
  auto options = Options<bpf_perf_event_opts>();
  options.bpf_cookie = cookie;
  bpf_link* link = bpf_program__attach_perf_event_opts(program, fd, &options);
  if (link != nullptr) return link;  // which owns the event
  const int error = errno;
  close(fd);
  errno = error;
  return nullptr;
}

// Opens the event too. (program, struct perf_event_attr, pid, cpu, cookie)
Napi::Value AttachPerfEvent(const Napi::CallbackInfo& info) {
  std::vector<uint8_t> bytes;
  int32_t pid = 0, cpu = 0;
  uint64_t cookie = 0;
  perf_event_attr attr = {};
  if (!ReadFrom(info, 1, &bytes, &pid, &cpu, &cookie) || bytes.size() > sizeof(attr))
    return InvalidAttach(info);
  CopyBytes(&attr, bytes.data(), bytes.size());
  attr.size = sizeof(attr);
  return AttachWith(info,
                    [=](bpf_program* program) { return AttachToEvent(program, attr, pid, cpu, cookie); });
}

}  // namespace

void RegisterAttachPerfEvent(Napi::Object exports) {
  ExportJob(exports, "programAttachPerfEvent", AttachPerfEvent);
}
