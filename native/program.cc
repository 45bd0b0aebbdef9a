#include "program.h"

#include "addon.h"
#include "handle.h"
#include "job.h"
#include "values.h"

namespace {

// Runs `body` on a live program; its result goes to JavaScript as a number.
template <class Body>
Napi::Value OnProgram(const Napi::CallbackInfo& info, Body body) {
  auto program = Handle<Program>::Unwrap(info[0]);
  if (!program) return Napi::Number::New(info.Env(), -EINVAL);
  const auto use = [&](bpf_object*) -> int { return body(program->ptr); };
  return Napi::Number::New(info.Env(), program->object->Use(false, use));
}

// As OnProgram, for what libbpf answers as text.
template <class Body>
Napi::Value TextOfProgram(const Napi::CallbackInfo& info, Body body) {
  std::string text;
  const auto copy = [&](bpf_program* program) {
    text = body(program);
    return 0;
  };
  const Napi::Value status = OnProgram(info, copy);
  return status.As<Napi::Number>().Int32Value() == 0 ? Napi::String::New(info.Env(), text) : status;
}

Napi::Value ProgramName(const Napi::CallbackInfo& info) {
  return TextOfProgram(info, bpf_program__name);
}
Napi::Value ProgramSectionName(const Napi::CallbackInfo& info) {
  return TextOfProgram(info, bpf_program__section_name);
}
Napi::Value ProgramType(const Napi::CallbackInfo& info) {
  return OnProgram(info, bpf_program__type);
}
Napi::Value ProgramExpectedAttachType(const Napi::CallbackInfo& info) {
  return OnProgram(info, bpf_program__expected_attach_type);
}
Napi::Value ProgramFd(const Napi::CallbackInfo& info) {
  return OnProgram(info, bpf_program__fd);
}
Napi::Value ProgramAutoload(const Napi::CallbackInfo& info) {
  return OnProgram(info, bpf_program__autoload);
}

Napi::Value ProgramSetAutoload(const Napi::CallbackInfo& info) {
  bool autoload = false;
  if (!Read(info[1], &autoload)) return Napi::Number::New(info.Env(), -EINVAL);
  return OnProgram(info, [=](bpf_program* program) { return bpf_program__set_autoload(program, autoload); });
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
}
