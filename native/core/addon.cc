#include "addon.h"

#include <libbpf.h>
#include <unistd.h>

#include "../inspect/tc_dump.h"
#include "../link/link.h"
#include "../object/object.h"
#include "job.h"
#include "log.h"

Addon::Addon() : clsacts(std::make_shared<Clsacts>()) {}

Addon::~Addon() {
  for (const auto& object : attached) object->Close(true);
}

namespace {

Napi::Value LibbpfVersion(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), libbpf_version_string());
}

Napi::Value NumPossibleCpus(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), libbpf_num_possible_cpus());
}

Napi::Value PageSize(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), sysconf(_SC_PAGESIZE));
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  SilenceLibbpf();
  env.SetInstanceData(new Addon);
  ExportCall(exports, "libbpfVersion", LibbpfVersion);
  ExportCall(exports, "numPossibleCpus", NumPossibleCpus);
  ExportCall(exports, "pageSize", PageSize);
  RegisterClock(exports);
  RegisterLogListener(exports);
  RegisterObject(exports);
  RegisterProgram(exports);
  RegisterProgramLife(exports);
  RegisterTestRun(exports);
  RegisterAttach(exports);
  RegisterAttachPerfEvent(exports);
  RegisterAttachTracing(exports);
  RegisterAttachUser(exports);
  RegisterLinkCreate(exports);
  RegisterAttachLinkless(exports);
  RegisterAttachTc(exports);
  RegisterStructOps(exports);
  RegisterQuery(exports);
  RegisterLink(exports);
  RegisterLinkInfo(exports);
  RegisterLinkPin(exports);
  RegisterMap(exports);
  RegisterMapBatch(exports);
  RegisterMapBound(exports);
  RegisterMapElem(exports);
  RegisterMapWalk(exports);
  RegisterMapLife(exports);
  RegisterMapOpen(exports);
  RegisterMemory(exports);
  RegisterArena(exports);
  RegisterPerCpu(exports);
  RegisterRingBuffer(exports);
  RegisterUserRingBuffer(exports);
  RegisterPerfEvent(exports);
  RegisterPerfWatcher(exports);
  RegisterWatcher(exports);
  RegisterBtf(exports);
  RegisterLinker(exports);
  RegisterLock(exports);
  RegisterProbe(exports);
  RegisterProgramInfo(exports);
  RegisterInspect(exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(bpf, Init)
