#include "attach.h"

#include "../core/addon.h"
#include "../core/descriptor.h"
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
Napi::Value AttachLoaded(const Napi::CallbackInfo& info, const std::shared_ptr<Program>& program,
                         const std::function<int(bpf_program*, std::shared_ptr<Link>*)>& make) {
  const auto owned = [program, make](std::shared_ptr<Link>* link) {
    return bpf_program__fd(program->ptr) < 0 ? -ENOENT : make(program->ptr, link);
  };
  return AttachOwned(info, program ? program->object : nullptr, owned);
}

// Runs `make` on a program without an object.
Napi::Value AttachBare(const Napi::CallbackInfo& info, const std::shared_ptr<Program>& program,
                       const std::function<int(const Attachee&, std::shared_ptr<Link>*)>& make) {
  const auto work = [program, make](bool may_wait) -> Reply {
    std::shared_ptr<Link> link;
    const int status = program->bare->Use(may_wait, [&](int fd) {
      return make(Attachee{fd, program->bare_type}, &link);
    });
    if (status != 0) return status;
    return link;
  };
  return Perform(info, work, [env = info.Env()](const Reply& reply) {
    if (const auto* link = std::get_if<std::shared_ptr<Link>>(&reply)) Addon::Of(env).links.insert(*link);
  });
}

Napi::Value AttachBareByDescriptor(const Napi::CallbackInfo& info, const std::shared_ptr<Program>& program,
                                   const MakeLinkFd& make) {
  return AttachBare(info, program, [make](const Attachee& bare, std::shared_ptr<Link>* link) {
    const int fd = make ? make(bare) : -EOPNOTSUPP;
    if (fd < 0) return fd;
    *link = std::make_shared<Link>(fd);
    return 0;
  });
}

Attachee AttacheeOf(bpf_program* program) {
  return {bpf_program__fd(program), bpf_program__expected_attach_type(program)};
}

// What undoes an attachment without a link names the program by a descriptor, which must last as long.
int KeepAndMake(const Attachee& program, Via via, const MakeDetach& make, std::shared_ptr<Link>* link) {
  const auto copy = Descriptor::Copy(program.fd);
  if (!copy) return -errno;
  DetachCall detach;
  const int status = make({copy->fd(), program.type}, &detach);
  if (status == 0) *link = std::make_shared<Link>(nullptr, via, [copy, detach] { return detach(); });
  return status;
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

Napi::Value AttachWith(const Napi::CallbackInfo& info, const MakeLink& make, const MakeLinkFd& make_fd) {
  auto program = Handle<Program>::Unwrap(info[0]);
  if (program && program->bare) return AttachBareByDescriptor(info, program, make_fd);
  return AttachLoaded(info, program, [make, program](bpf_program* ptr, std::shared_ptr<Link>* link) {
    bpf_link* made = make(ptr);
    if (made == nullptr) return -errno;
    *link = std::make_shared<Link>(program->object, made);
    return 0;
  });
}

Napi::Value AttachByDescriptor(const Napi::CallbackInfo& info, const MakeLinkFd& make) {
  auto program = Handle<Program>::Unwrap(info[0]);
  if (program && program->bare) return AttachBareByDescriptor(info, program, make);
  return AttachLoaded(info, program, [make, program](bpf_program* ptr, std::shared_ptr<Link>* link) {
    const int fd = make(AttacheeOf(ptr));
    if (fd < 0) return fd;
    *link = std::make_shared<Link>(fd, program->object);
    return 0;
  });
}

Napi::Value AttachWithoutLink(const Napi::CallbackInfo& info, Via via, const MakeDetach& make) {
  auto program = Handle<Program>::Unwrap(info[0]);
  if (program && program->bare) {
    return AttachBare(info, program, [make, via](const Attachee& bare, std::shared_ptr<Link>* link) {
      return KeepAndMake(bare, via, make, link);
    });
  }
  return AttachLoaded(info, program, [=](bpf_program* ptr, std::shared_ptr<Link>* link) {
    DetachCall detach;
    const int status = make(AttacheeOf(ptr), &detach);
    if (status == 0) *link = std::make_shared<Link>(program->object, via, detach);
    return status;
  });
}

Napi::Value InvalidAttach(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

void RegisterAttach(Napi::Object exports) {
  ExportJob(exports, "programAttach", ProgramAttach);
}
