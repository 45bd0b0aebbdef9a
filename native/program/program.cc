#include "program.h"

#include <bpf.h>

#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/descriptor.h"
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

Napi::Value ProgramAutoattach(const Napi::CallbackInfo& info) {
  return NumberOf<Program>(info, bpf_program__autoattach);
}
Napi::Value ProgramFlags(const Napi::CallbackInfo& info) {
  return NumberOf<Program>(info, bpf_program__flags);
}

Napi::Value ProgramSetAutoload(const Napi::CallbackInfo& info) {
  bool autoload = false;
  if (!Read(info[1], &autoload)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(
      info, [=](bpf_program* program) { return bpf_program__set_autoload(program, autoload); });
}

Napi::Value ProgramSetAutoattach(const Napi::CallbackInfo& info) {
  bool autoattach = false;
  if (!Read(info[1], &autoattach)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info, [=](bpf_program* program) {
    bpf_program__set_autoattach(program, autoattach);
    return 0;
  });
}

// (program, bits of BPF_F_…): besides those that its section implies.
Napi::Value ProgramSetFlags(const Napi::CallbackInfo& info) {
  uint32_t flags = 0;
  if (!Read(info[1], &flags)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info,
                           [=](bpf_program* program) { return bpf_program__set_flags(program, flags); });
}

// (program, index): libbpf takes it at any time, and looks at it when the program is loaded
// (bpf_program__set_ifindex() in libbpf.c).
Napi::Value ProgramSetIfindex(const Napi::CallbackInfo& info) {
  auto program = Handle<Program>::Unwrap(info[0]);
  uint32_t index = 0;
  if (!program || !program->object || !Read(info[1], &index)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info, [=](bpf_program* ptr) {
    if (program->object->load_tried()) return -EBUSY;
    bpf_program__set_ifindex(ptr, index);
    return 0;
  });
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

// (program, descriptor of the program that has the function or 0 for the kernel, function).
// bpf_program__set_attach_target() in libbpf.c keeps the number until the object is loaded, so the object
// keeps a copy.
Napi::Value ProgramSetAttachTarget(const Napi::CallbackInfo& info) {
  auto program = Handle<Program>::Unwrap(info[0]);
  int32_t fd = 0;
  std::string function;
  if (!program || !ReadFrom(info, 1, &fd, &function)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info, [&](bpf_program* ptr) {
    auto copy = Descriptor::Copy(fd == 0 ? -1 : fd);
    if (!copy) return -errno;
    const int status = bpf_program__set_attach_target(ptr, fd == 0 ? 0 : copy->fd(), function.c_str());
    if (status == 0) program->object->Keep(std::move(copy));
    return status;
  });
}

Napi::Value ProgramSetType(const Napi::CallbackInfo& info) {
  bpf_prog_type type = BPF_PROG_TYPE_UNSPEC;
  if (!Read(info[1], &type)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info, [=](bpf_program* program) { return bpf_program__set_type(program, type); });
}

Napi::Value ProgramSetExpectedAttachType(const Napi::CallbackInfo& info) {
  bpf_attach_type type = BPF_CGROUP_INET_INGRESS;
  if (!Read(info[1], &type)) return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(
      info, [=](bpf_program* program) { return bpf_program__set_expected_attach_type(program, type); });
}

// (program, struct bpf_insn for each): between objectPrepare and objectLoad. Before that
// bpf_object__relocate() in libbpf.c would patch instructions that are not there any more.
Napi::Value ProgramSetInsns(const Napi::CallbackInfo& info) {
  auto program = Handle<Program>::Unwrap(info[0]);
  std::vector<uint8_t> bytes;
  if (!program || !program->object || !Read(info[1], &bytes) || bytes.empty() ||
      bytes.size() % sizeof(bpf_insn) != 0)
    return Napi::Number::New(info.Env(), -EINVAL);
  return NumberOf<Program>(info, [&](bpf_program* ptr) {
    if (!program->object->prepared()) return -EBUSY;
    std::vector<bpf_insn> insns(bytes.size() / sizeof(bpf_insn));
    memcpy(insns.data(), bytes.data(), bytes.size());
    return bpf_program__set_insns(ptr, insns.data(), insns.size());
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
  ExportCall(exports, "programAutoattach", ProgramAutoattach);
  ExportCall(exports, "programSetAutoattach", ProgramSetAutoattach);
  ExportCall(exports, "programFlags", ProgramFlags);
  ExportCall(exports, "programSetFlags", ProgramSetFlags);
  ExportCall(exports, "programSetIfindex", ProgramSetIfindex);
  ExportCall(exports, "programSetInsns", ProgramSetInsns);
  ExportCall(exports, "programLineInfo", ProgramLineInfo);
  ExportCall(exports, "programInsns", ProgramInsns);
  ExportCall(exports, "programSetAttachTarget", ProgramSetAttachTarget);
  ExportCall(exports, "programSetType", ProgramSetType);
  ExportCall(exports, "programSetExpectedAttachType", ProgramSetExpectedAttachType);
  ExportCall(exports, "programStreamRead", ProgramStreamRead);
}
