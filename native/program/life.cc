// Programs without an object, opened by path, id or descriptor; and what every loaded program can: be pinned,
// closed.
#include <bpf.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/descriptor.h"
#include "../core/job.h"
#include "../core/values.h"
#include "program.h"

namespace {

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

// Takes a descriptor over, or the errno that stands in its place.
Reply Own(int fd) {
  if (fd < 0) return -errno;
  const std::string target = TargetOf(fd);
  if (target.empty() || target == "anon_inode:bpf-prog")
    return std::make_shared<Program>(std::make_shared<ClosableDescriptor>(fd));
  close(fd);
  return -EINVAL;
}

// (path).
Napi::Value ProgramOpenPinned(const Napi::CallbackInfo& info) {
  std::string path;
  if (!Read(info[0], &path)) return Invalid(info);
  return Perform(info, [=](bool) { return Own(bpf_obj_get(path.c_str())); });
}

// (id).
Napi::Value ProgramOpenById(const Napi::CallbackInfo& info) {
  uint32_t id = 0;
  if (!Read(info[0], &id)) return Invalid(info);
  return Perform(info, [=](bool) { return Own(bpf_prog_get_fd_by_id(id)); });
}

// (descriptor): the caller keeps its own.
Napi::Value ProgramOpenFd(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  if (!Read(info[0], &fd)) return Invalid(info);
  return Perform(info, [=](bool) { return Own(fcntl(fd, F_DUPFD_CLOEXEC, 0)); });
}

// (program, section): what it was loaded as, which struct bpf_prog_info does not have.
Napi::Value ProgramSetSection(const Napi::CallbackInfo& info) {
  auto program = Handle<Program>::Unwrap(info[0]);
  std::string section;
  bpf_prog_type type = {};
  if (!program || !program->bare || !Read(info[1], &section)) return Napi::Number::New(info.Env(), -EINVAL);
  const int status = libbpf_prog_type_by_name(section.c_str(), &type, &program->bare_type);
  return Napi::Number::New(info.Env(), status);
}

// (program, path).
Napi::Value ProgramPin(const Napi::CallbackInfo& info) {
  auto program = Handle<Program>::Unwrap(info[0]);
  std::string path;
  if (!program || !Read(info[1], &path)) return Invalid(info);
  return Perform(info, [=](bool may_wait) {
    return program->UseFd(may_wait, [&](int fd) { return bpf_obj_pin(fd, path.c_str()); });
  });
}

Napi::Value ProgramClose(const Napi::CallbackInfo& info) {
  auto program = Handle<Program>::Unwrap(info[0]);
  if (!program || !program->bare) return Invalid(info);
  return Perform(info, [program](bool may_wait) { return program->bare->Close(may_wait); });
}

}  // namespace

void RegisterProgramLife(Napi::Object exports) {
  ExportJob(exports, "programOpenPinned", ProgramOpenPinned);
  ExportJob(exports, "programOpenById", ProgramOpenById);
  ExportJob(exports, "programOpenFd", ProgramOpenFd);
  ExportCall(exports, "programSetSection", ProgramSetSection);
  ExportJob(exports, "programPin", ProgramPin);
  ExportJob(exports, "programClose", ProgramClose);
}
