#include "program.h"

#include <bpf.h>

#include "addon.h"
#include "handle.h"
#include "job.h"
#include "values.h"

namespace {

Napi::Value ProgramName(const Napi::CallbackInfo& info) {
  return TextOf<Program>(info, bpf_program__name);
}
Napi::Value ProgramSectionName(const Napi::CallbackInfo& info) {
  return TextOf<Program>(info, bpf_program__section_name);
}
Napi::Value ProgramType(const Napi::CallbackInfo& info) {
  return NumberOf<Program>(info, bpf_program__type);
}
Napi::Value ProgramExpectedAttachType(const Napi::CallbackInfo& info) {
  return NumberOf<Program>(info, bpf_program__expected_attach_type);
}
Napi::Value ProgramFd(const Napi::CallbackInfo& info) {
  return NumberOf<Program>(info, bpf_program__fd);
}
Napi::Value ProgramAutoload(const Napi::CallbackInfo& info) {
  return NumberOf<Program>(info, bpf_program__autoload);
}

Napi::Value ProgramSetAutoload(const Napi::CallbackInfo& info) {
  bool autoload = false;
  if (!Read(info[1], &autoload)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(
      info, [=](bpf_program* program) { return bpf_program__set_autoload(program, autoload); });
}

// (program, descriptor of the program that has the function or 0 for the kernel, function)
Napi::Value ProgramSetAttachTarget(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  std::string function;
  if (!ReadFrom(info, 1, &fd, &function)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info, [&](bpf_program* program) {
    return bpf_program__set_attach_target(program, fd, function.c_str());
  });
}

// (program, stream, out): how many bytes came; never waits.
Napi::Value ProgramStreamRead(const Napi::CallbackInfo& info) {
  uint32_t stream = 0;
  Bytes out;
  if (!ReadFrom(info, 1, &stream, &out) || out.size > INT32_MAX)
    return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info, [&](bpf_program* program) {
    const int fd = bpf_program__fd(program);
    return fd < 0 ? fd : bpf_prog_stream_read(fd, stream, out.data, out.size, nullptr);
  });
}

}  // namespace

void RegisterProgram(Napi::Object exports) {
  ExportCall(exports, "programName", ProgramName);
  ExportCall(exports, "programSectionName", ProgramSectionName);
  ExportCall(exports, "programType", ProgramType);
  ExportCall(exports, "programExpectedAttachType", ProgramExpectedAttachType);
  ExportCall(exports, "programFd", ProgramFd);
  ExportCall(exports, "programAutoload", ProgramAutoload);
  ExportCall(exports, "programSetAutoload", ProgramSetAutoload);
  ExportCall(exports, "programSetAttachTarget", ProgramSetAttachTarget);
  ExportCall(exports, "programStreamRead", ProgramStreamRead);
}
