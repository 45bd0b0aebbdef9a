#include "link.h"

#include <bpf.h>

#include <cerrno>
#include <utility>

#include "addon.h"
#include "handle.h"
#include "job.h"
#include "object.h"

int Link::Destroy() {
  std::lock_guard lock(mutex_);
  const Detach detach = std::exchange(detach_, nullptr);
  if (detach) return detach();
  return bpf_link__destroy(std::exchange(ptr_, nullptr));
}

int Link::IterCreate() {
  return Use([](bpf_link* ptr) {
    const int fd = bpf_iter_create(bpf_link__fd(ptr));
    return fd < 0 ? -errno : fd;
  });
}

int Link::Fd() {
  return Use(bpf_link__fd);
}

namespace {

// Takes the link out of its object, then ends it; the object must not close in between.
int Detach(const std::shared_ptr<Link>& link, bool may_wait) {
  auto object = link->object();
  if (!object) return link->Destroy();
  const auto use = [&](bpf_object*) {
    object->Release(link);
    return link->Destroy();  // the kernel may take its time: others may go on meanwhile
  };
  const int status = object->Use(may_wait, use);
  return status == -EBADF ? 0 : status;  // a closed object has detached its links
}

Napi::Value LinkDestroy(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  const auto work = [link](bool may_wait) { return link ? Detach(link, may_wait) : -EINVAL; };
  return Perform(info, work, [link, env = info.Env()](const Reply&) {
    auto object = link ? link->object() : nullptr;
    if (object && !object->HasLinks()) Addon::Of(env).attached.erase(object);
  });
}

Napi::Value LinkFd(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  return Napi::Number::New(info.Env(), link ? link->Fd() : -EINVAL);
}

Napi::Value LinkWay(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  return Napi::Number::New(info.Env(), link ? static_cast<int>(link->way()) : -EINVAL);
}

// A new descriptor, which the caller closes; each reads the whole iteration once.
Napi::Value LinkIterCreate(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  return Napi::Number::New(info.Env(), link ? link->IterCreate() : -EINVAL);
}

}  // namespace

void RegisterLink(Napi::Object exports) {
  ExportJob(exports, "linkDestroy", LinkDestroy);
  ExportCall(exports, "linkFd", LinkFd);
  ExportCall(exports, "linkWay", LinkWay);
  ExportCall(exports, "linkIterCreate", LinkIterCreate);
}
