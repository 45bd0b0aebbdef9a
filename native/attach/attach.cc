#include "attach.h"

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../program/program.h"

namespace {

Reply Attach(const std::shared_ptr<Object>& object, const MakeOwned& make, bool may_wait) {
  if (!object) return -EINVAL;
  std::shared_ptr<Link> link;
  const int status = object->Use(may_wait, [&](bpf_object*) {
    std::lock_guard lock(object->attaching);
    const int failed = make(&link);
    if (failed == 0) object->Adopt(link);
    return failed;
  });
  if (status != 0) return status;
  return link;
}

// Runs `make` on a loaded program; libbpf checks that late, after it opened perf events
// (bpf_program__attach_perf_event_opts() in libbpf.c).
Napi::Value AttachLoaded(const Napi::CallbackInfo& info,
                         const std::function<int(const Program&, std::shared_ptr<Link>*)>& make) {
  auto program = Handle<Program>::Unwrap(info[0]);
  const auto owned = [program, make](std::shared_ptr<Link>* link) {
    return bpf_program__fd(program->ptr) < 0 ? -ENOENT : make(*program, link);
  };
  return AttachOwned(info, program ? program->object : nullptr, owned);
}

Napi::Value ProgramAttach(const Napi::CallbackInfo& info) {
  return AttachWith(info, bpf_program__attach);
}

}  // namespace

Napi::Value AttachOwned(const Napi::CallbackInfo& info, const std::shared_ptr<Object>& object,
                        const MakeOwned& make) {
  const auto work = [object, make](bool may_wait) { return Attach(object, make, may_wait); };
  return Perform(info, work, [object, env = info.Env()](const Reply& reply) {
    if (std::holds_alternative<std::shared_ptr<Link>>(reply)) Addon::Of(env).attached.insert(object);
  });
}

Napi::Value AttachWith(const Napi::CallbackInfo& info, const MakeLink& make) {
  return AttachLoaded(info, [make](const Program& program, std::shared_ptr<Link>* link) {
    bpf_link* ptr = make(program.ptr);
    if (ptr == nullptr) return -errno;
    *link = std::make_shared<Link>(program.object, ptr);
    return 0;
  });
}

Napi::Value AttachWithoutLink(const Napi::CallbackInfo& info, Via via, const MakeDetach& make) {
  return AttachLoaded(info, [make, via](const Program& program, std::shared_ptr<Link>* link) {
    DetachCall detach;
    const int status = make(program.ptr, &detach);
    if (status == 0) *link = std::make_shared<Link>(program.object, via, detach);
    return status;
  });
}

Napi::Value InvalidAttach(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

void RegisterAttach(Napi::Object exports) {
  ExportJob(exports, "programAttach", ProgramAttach);
}
