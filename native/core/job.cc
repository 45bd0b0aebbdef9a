#include "job.h"

#include "../deps/probe_shortage.h"
#include "../link/link.h"
#include "../map/map.h"
#include "../object/object.h"
#include "../program/program.h"
#include "handle.h"
#include "log.h"

namespace {

const char kSync = 0;  // its address marks the Sync twin

bool IsFailure(const Reply& reply) {
  const int* status = std::get_if<int>(&reply);
  return status != nullptr && *status < 0;
}

struct Job {
  Work work;
  Settle settle;
  Reply reply = 0;
  std::string log;
  napi_async_work handle = nullptr;
  napi_deferred deferred = nullptr;

  void Run(bool may_wait) {
    LogCapture capture(&log);
    take_probe_shortage();
    reply = work(may_wait);
    // A shortage in libbpf's probes (feat_supported() in features.c) counts as a missing feature there, and
    // what it then tries fails with another errno.
    if (const int shortage = take_probe_shortage(); shortage != 0 && IsFailure(reply)) reply = -shortage;
    work = nullptr;  // releases what the call held before JavaScript hears of its end
  }

  void Finish() {
    if (settle) settle(reply);
  }
};

Napi::Value ToValue(Napi::Env env, int status) {
  return Napi::Number::New(env, status);
}
Napi::Value ToValue(Napi::Env env, const std::string& text) {
  return Napi::String::New(env, text);
}
Napi::Value ToValue(Napi::Env env, const std::vector<uint8_t>& bytes) {
  return Napi::Buffer<uint8_t>::Copy(env, bytes.data(), bytes.size());
}
Napi::Value ToValue(Napi::Env env, const std::shared_ptr<Object>& object) {
  return Handle<Object>::Wrap(env, object);
}
Napi::Value ToValue(Napi::Env env, const std::shared_ptr<Link>& link) {
  return Handle<Link>::Wrap(env, link);
}
Napi::Value ToValue(Napi::Env env, const std::shared_ptr<Program>& program) {
  return Handle<Program>::Wrap(env, program);
}
Napi::Value ToValue(Napi::Env env, const std::shared_ptr<Map>& map) {
  return Handle<Map>::Wrap(env, map);
}

Napi::Value Outcome(Napi::Env env, const Job& job) {
  auto pair = Napi::Array::New(env, 2);
  pair.Set(0u, std::visit([env](const auto& reply) { return ToValue(env, reply); }, job.reply));
  pair.Set(1u, Napi::String::New(env, job.log));
  return pair;
}

void Execute(napi_env, void* data) {
  static_cast<Job*>(data)->Run(true);
}

// An environment that is ending refuses these calls; then there is nobody left to tell.
void Complete(napi_env env, napi_status, void* data) {
  std::unique_ptr<Job> job(static_cast<Job*>(data));
  Napi::HandleScope scope(env);
  job->Finish();
  napi_resolve_deferred(env, job->deferred, Outcome(env, *job));
  napi_delete_async_work(env, job->handle);
}

Napi::Value Queue(Napi::Env env, std::unique_ptr<Job> job) {
  napi_value promise = nullptr;
  napi_value name = Napi::String::New(env, "libbpf");
  if (napi_create_promise(env, &job->deferred, &promise) != napi_ok) return env.Undefined();
  napi_create_async_work(env, nullptr, name, Execute, Complete, job.get(), &job->handle);
  napi_queue_async_work(env, job->handle);
  job.release();  // Complete owns it now
  return Napi::Value(env, promise);
}

}  // namespace

Napi::Value Perform(const Napi::CallbackInfo& info, Work work, Settle settle) {
  auto job = std::make_unique<Job>();
  job->work = std::move(work);
  job->settle = std::move(settle);
  if (info.Data() != &kSync) return Queue(info.Env(), std::move(job));
  job->Run(false);
  job->Finish();
  return Outcome(info.Env(), *job);
}

void ExportJob(Napi::Object exports, const char* name, Function function) {
  ExportCall(exports, name, function);
  const std::string sync = std::string(name) + "Sync";
  exports.Set(sync, Napi::Function::New(exports.Env(), function, sync, const_cast<char*>(&kSync)));
}

void ExportCall(Napi::Object exports, const char* name, Function function) {
  exports.Set(name, Napi::Function::New(exports.Env(), function, name));
}
