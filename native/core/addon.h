// Per-environment state. No mutable statics: the main thread and each worker have their own.
#pragma once

#include <napi.h>

#include <memory>
#include <set>

class Link;
class Object;
struct Clsacts;

class Addon {
 public:
  static Addon& Of(Napi::Env env) { return *env.GetInstanceData<Addon>(); }
  Addon();
  ~Addon();

  // Objects with links, so that garbage collection never detaches; closed when the environment ends.
  std::set<std::shared_ptr<Object>> attached;
  // Links of programs without an object, for the same reason.
  std::set<std::shared_ptr<Link>> links;
  // Links outlive an environment by a moment at most, but they use it then.
  const std::shared_ptr<Clsacts> clsacts;
};

// One for each concept, called when the addon is loaded into an environment.
void RegisterClock(Napi::Object exports);
void RegisterLogListener(Napi::Object exports);
void RegisterObject(Napi::Object exports);
void RegisterProgram(Napi::Object exports);
void RegisterProgramLife(Napi::Object exports);
void RegisterTestRun(Napi::Object exports);
void RegisterAttach(Napi::Object exports);
void RegisterAttachPerfEvent(Napi::Object exports);
void RegisterAttachTracing(Napi::Object exports);
void RegisterAttachUser(Napi::Object exports);
void RegisterLinkCreate(Napi::Object exports);
void RegisterAttachLinkless(Napi::Object exports);
void RegisterAttachTc(Napi::Object exports);
void RegisterStructOps(Napi::Object exports);
void RegisterQuery(Napi::Object exports);
void RegisterLink(Napi::Object exports);
void RegisterMap(Napi::Object exports);
void RegisterMapBatch(Napi::Object exports);
void RegisterMapBound(Napi::Object exports);
void RegisterMapElem(Napi::Object exports);
void RegisterMapWalk(Napi::Object exports);
void RegisterMapLife(Napi::Object exports);
void RegisterMapOpen(Napi::Object exports);
void RegisterMemory(Napi::Object exports);
void RegisterArena(Napi::Object exports);
void RegisterPerCpu(Napi::Object exports);
void RegisterRingBuffer(Napi::Object exports);
void RegisterUserRingBuffer(Napi::Object exports);
void RegisterPerfEvent(Napi::Object exports);
void RegisterPerfWatcher(Napi::Object exports);
void RegisterWatcher(Napi::Object exports);
void RegisterBtf(Napi::Object exports);
void RegisterLinkInfo(Napi::Object exports);
void RegisterLinkPin(Napi::Object exports);
void RegisterLinker(Napi::Object exports);
void RegisterLock(Napi::Object exports);
void RegisterProbe(Napi::Object exports);
void RegisterProgramInfo(Napi::Object exports);
void RegisterInspect(Napi::Object exports);
