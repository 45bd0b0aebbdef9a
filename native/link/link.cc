#include "link.h"

#include <bpf.h>
#include <libgen.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/values.h"
#include "../object/object.h"

namespace {

// Ends a link that its file keeps. bpf_link_perf_detach() in libbpf.c would disable the perf event behind
// one, so its descriptor stays as well.
int LeaveToPin(bpf_link* link) {
  const int fd = bpf_link__fd(link);
  bpf_link__disconnect(link);
  bpf_link__destroy(link);
  return close(fd) == 0 ? 0 : -errno;
}

// Makes the last folder of a path, as bpf_link__pin() does: make_parent_dir() in libbpf.c.
int MakeFolderOf(std::string path) {
  return mkdir(dirname(path.data()), S_IRWXU) == 0 || errno == EEXIST ? 0 : -errno;
}

}  // namespace

int Link::Destroy() {
  std::lock_guard lock(mutex_);
  const DetachCall detach = std::exchange(detach_, nullptr);
  if (detach) return detach();
  if (const int fd = std::exchange(fd_, -1); fd >= 0) return disconnected_ || close(fd) == 0 ? 0 : -errno;
  bpf_link* link = std::exchange(ptr_, nullptr);
  const bool pinned = link != nullptr && bpf_link__pin_path(link) != nullptr;
  return pinned ? LeaveToPin(link) : bpf_link__destroy(link);
}

int Link::IterCreate() {
  return UseFd([](int link) {
    const int fd = bpf_iter_create(link);
    return fd < 0 ? -errno : fd;
  });
}

int Link::Fd() {
  return UseFd([](int fd) { return fd; });
}

int Link::Disconnect() {
  std::lock_guard lock(mutex_);
  if (ptr_ != nullptr) bpf_link__disconnect(ptr_);
  disconnected_ = true;
  detach_ = nullptr;
  return 0;
}

int Link::Pin(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (via_ != Via::kLink) return -ENOTSUP;
  if (ptr_ != nullptr) return bpf_link__pin(ptr_, path.c_str());
  if (fd_ < 0) return -EBADF;
  if (!pin_path_.empty()) return -EBUSY;  // one file for each, as bpf_link__pin() in libbpf.c has it
  const int made = MakeFolderOf(path);
  if (made != 0) return made;
  if (bpf_obj_pin(fd_, path.c_str()) != 0) return -errno;
  pin_path_ = path;
  return 0;
}

int Link::Unpin() {
  std::lock_guard lock(mutex_);
  if (ptr_ != nullptr) return bpf_link__unpin(ptr_);
  if (pin_path_.empty()) return fd_ < 0 ? -EBADF : -ENOENT;
  return unlink(std::exchange(pin_path_, "").c_str()) == 0 ? 0 : -errno;
}

int Link::Detach() {
  return UseFd([](int fd) { return bpf_link_detach(fd) == 0 ? 0 : -errno; });
}

namespace {

// Takes the link out of its object, then ends it; the object must not close in between.
int Detach(const std::shared_ptr<Link>& link, bool may_wait) {
  auto object = link->object();
  if (!object) return link->Destroy();
  const auto use = [&](bpf_object*) {
    object->Release(link);
    return link->Destroy();  // without the lock, since detaching may wait for running programs
  };
  const int status = object->Use(may_wait, use);
  return status == -EBADF ? 0 : status;  // a closed object has detached its links
}

Napi::Value LinkDestroy(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  const auto work = [link](bool may_wait) { return link ? Detach(link, may_wait) : -EINVAL; };
  return Perform(info, work, [link, env = info.Env()](const Reply&) {
    Addon::Of(env).links.erase(link);
    auto object = link ? link->object() : nullptr;
    if (object && !object->HasLinks()) Addon::Of(env).attached.erase(object);
  });
}

Napi::Value LinkFd(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  return Napi::Number::New(info.Env(), link ? link->Fd() : -EINVAL);
}

Napi::Value LinkVia(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  return Napi::Number::New(info.Env(), link ? static_cast<int>(link->via()) : -EINVAL);
}

Napi::Value LinkDisconnect(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  return Napi::Number::New(info.Env(), link ? link->Disconnect() : -EINVAL);
}

// (id): the next link's id, -ENOENT after the last; as bpf_link_get_next_id.
Napi::Value LinkNextId(const Napi::CallbackInfo& info) {
  uint32_t id = 0, next = 0;
  if (!Read(info[0], &id)) return Napi::Number::New(info.Env(), -EINVAL);
  const int status = bpf_link_get_next_id(id, &next);
  return Napi::Number::New(info.Env(), status == 0 ? static_cast<double>(next) : status);
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
  ExportCall(exports, "linkVia", LinkVia);
  ExportCall(exports, "linkIterCreate", LinkIterCreate);
  ExportCall(exports, "linkDisconnect", LinkDisconnect);
  ExportCall(exports, "linkNextId", LinkNextId);
}
