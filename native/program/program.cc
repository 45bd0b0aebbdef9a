#include "program.h"

#include <bpf.h>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"

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
  return NumberOfFd(info, [](int fd) { return fd; });
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

// (program, bits: 1 and 2 for instructions and states, 4 for statistics)
Napi::Value ProgramSetLogLevel(const Napi::CallbackInfo& info) {
  uint32_t level = 0;
  if (!Read(info[1], &level)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info,
                           [=](bpf_program* program) { return bpf_program__set_log_level(program, level); });
}

Napi::Value ProgramLogLevel(const Napi::CallbackInfo& info) {
  return NumberOf<Program>(info, bpf_program__log_level);
}

// (program): struct bpf_line_info for each; none before it is prepared and once its load has failed.
Napi::Value ProgramLineInfo(const Napi::CallbackInfo& info) {
  std::vector<uint8_t> bytes;
  const Napi::Value status = NumberOf<Program>(info, [&](bpf_program* program) {
    const auto* records = reinterpret_cast<const uint8_t*>(bpf_program__line_info(program));
    if (records == nullptr) return 0;
    bytes.assign(records, records + bpf_program__line_info_cnt(program) * sizeof(bpf_line_info));
    return 0;
  });
  if (status.As<Napi::Number>().Int32Value() != 0) return status;
  return Napi::Buffer<uint8_t>::Copy(info.Env(), bytes.data(), bytes.size());
}

// (program): struct bpf_insn for each; as in the file before it is prepared, and relocated from then on.
Napi::Value ProgramInsns(const Napi::CallbackInfo& info) {
  std::vector<uint8_t> bytes;
  const Napi::Value status = NumberOf<Program>(info, [&](bpf_program* program) {
    const auto* insns = reinterpret_cast<const uint8_t*>(bpf_program__insns(program));
    if (insns != nullptr) bytes.assign(insns, insns + bpf_program__insn_cnt(program) * sizeof(bpf_insn));
    return 0;
  });
  if (status.As<Napi::Number>().Int32Value() != 0) return status;
  return Napi::Buffer<uint8_t>::Copy(info.Env(), bytes.data(), bytes.size());
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

// (program, enum bpf_prog_type, enum bpf_attach_type): as its section would have said.
Napi::Value ProgramSetType(const Napi::CallbackInfo& info) {
  bpf_prog_type type = BPF_PROG_TYPE_UNSPEC;
  bpf_attach_type attach_type = BPF_CGROUP_INET_INGRESS;
  if (!ReadFrom(info, 1, &type, &attach_type)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info, [=](bpf_program* program) {
    const int status = bpf_program__set_type(program, type);
    if (status != 0) return status;
    return bpf_program__set_expected_attach_type(program, attach_type);
  });
}

// (program, stream, out): how many bytes came; never waits.
Napi::Value ProgramStreamRead(const Napi::CallbackInfo& info) {
  uint32_t stream = 0;
  Bytes out;
  if (!ReadFrom(info, 1, &stream, &out) || out.size > INT32_MAX)
    return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOfFd(info,
                    [&](int fd) { return bpf_prog_stream_read(fd, stream, out.data, out.size, nullptr); });
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
  ExportCall(exports, "programSetLogLevel", ProgramSetLogLevel);
  ExportCall(exports, "programLogLevel", ProgramLogLevel);
  ExportCall(exports, "programLineInfo", ProgramLineInfo);
  ExportCall(exports, "programInsns", ProgramInsns);
  ExportCall(exports, "programSetAttachTarget", ProgramSetAttachTarget);
  ExportCall(exports, "programSetType", ProgramSetType);
  ExportCall(exports, "programStreamRead", ProgramStreamRead);
}
