// Attaching to perf events, which are opened here: libbpf leaves that to its caller.
#include <bpf.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/values.h"
#include "attach.h"

namespace {

int OpenEvent(const perf_event_attr& attr, int pid, int cpu) {
  return static_cast<int>(syscall(SYS_perf_event_open, &attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC));
}

bpf_link* AttachToEvent(bpf_program* program, const perf_event_attr& attr, int pid, int cpu,
                        uint64_t cookie) {
  const int fd = OpenEvent(attr, pid, cpu);
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

// The link keeps the event open, and starts it as libbpf does (bpf_program__attach_perf_event_opts() in
// libbpf.c).
int LinkToEvent(const Attachee& program, const perf_event_attr& attr, int pid, int cpu, uint64_t cookie) {
  const int fd = OpenEvent(attr, pid, cpu);
  if (fd < 0) return -errno;
  auto options = Options<bpf_link_create_opts>();
  options.perf_event.bpf_cookie = cookie;
  int link = bpf_link_create(program.fd, fd, BPF_PERF_EVENT, &options);
  if (link >= 0 && ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) < 0) {
    const int status = -errno;
    close(link);
    link = status;
  }
  close(fd);
  return link;
}

// Opens the event too. (program, struct perf_event_attr, pid, cpu, cookie, name of what it probes or null)
Napi::Value AttachPerfEvent(const Napi::CallbackInfo& info) {
  std::vector<uint8_t> bytes;
  int32_t pid = 0, cpu = 0;
  uint64_t cookie = 0;
  std::optional<std::string> name;
  perf_event_attr attr = {};
  if (!ReadFrom(info, 1, &bytes, &pid, &cpu, &cookie, &name) || bytes.size() > sizeof(attr))
    return InvalidAttach(info);
  CopyBytes(&attr, bytes.data(), bytes.size());
  attr.size = sizeof(attr);
  const auto named = [=] {
    auto filled = attr;
    if (name) filled.config1 = reinterpret_cast<uintptr_t>(name->c_str());
    return filled;
  };
  return AttachWith(
      info, [=](bpf_program* program) { return AttachToEvent(program, named(), pid, cpu, cookie); },
      [=](const Attachee& program) { return LinkToEvent(program, named(), pid, cpu, cookie); });
}

}  // namespace

void RegisterAttachPerfEvent(Napi::Object exports) {
  ExportJob(exports, "programAttachPerfEvent", AttachPerfEvent);
}
