#include "attach.h"

#include "addon.h"
#include "handle.h"
#include "job.h"
#include "link.h"
#include "program.h"

namespace {

int AttachTo(const Program& program, const MakeLink& make, std::shared_ptr<Link>* out) {
  std::lock_guard lock(program.object->attaching);
  bpf_link* ptr = make(program.ptr);
  if (ptr == nullptr) return -errno;
  *out = std::make_shared<Link>(program.object, ptr);
  program.object->links.push_back(*out);
  return 0;
}

Reply Attach(const std::shared_ptr<Program>& program, const MakeLink& make, bool may_wait) {
  if (!program) return -EINVAL;
  std::shared_ptr<Link> link;
  const auto attach = [&](bpf_object*) {
    // libbpf checks this in some of its functions only.
    return bpf_program__fd(program->ptr) < 0 ? -ENOENT : AttachTo(*program, make, &link);
  };
  const int status = program->object->Use(may_wait, attach);
  if (status != 0) return status;
  return link;
}

Napi::Value ProgramAttach(const Napi::CallbackInfo& info) {
  return AttachWith(info, bpf_program__attach);
}

}  // namespace

Napi::Value AttachWith(const Napi::CallbackInfo& info, const MakeLink& make) {
  auto program = Handle<Program>::Unwrap(info[0]);
  const auto work = [program, make](bool may_wait) { return Attach(program, make, may_wait); };
  return Perform(info, work, [program, env = info.Env()](const Reply& reply) {
    if (std::holds_alternative<std::shared_ptr<Link>>(reply)) Addon::Of(env).attached.insert(program->object);
  });
}

Napi::Value InvalidAttach(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

void RegisterAttach(Napi::Object exports) {
  ExportJob(exports, "programAttach", ProgramAttach);
}
