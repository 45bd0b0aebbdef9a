#include "object.h"

#include <algorithm>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/options.h"
#include "../core/values.h"
#include "../link/link.h"
#include "../map/arena.h"
#include "../map/map.h"
#include "../program/program.h"

bool Object::Lock(std::unique_lock<std::shared_mutex>* lock, bool may_wait) {
  if (may_wait) {
    lock->lock();
    return true;
  }
  return lock->try_lock();
}

int Object::Prepare(bool may_wait) {
  std::unique_lock lock(mutex_, std::defer_lock);
  if (!Lock(&lock, may_wait)) return -EBUSY;
  if (ptr_ == nullptr) return -EBADF;
  return PrepareOnce();
}

int Object::PrepareOnce() {
  if (load_tried_) return 0;
  load_tried_ = true;
  const ArenaPlace place(ptr_.get());
  if (place.status() != 0) return place.status();
  const int status = bpf_object__prepare(ptr_.get());
  prepared_ = status == 0;
  if (void* arena = place.Mapped()) arena_ = arena;
  return status;
}

int Object::Load(bool may_wait) {
  std::unique_lock lock(mutex_, std::defer_lock);
  if (!Lock(&lock, may_wait)) return -EBUSY;
  if (ptr_ == nullptr) return -EBADF;
  const int status = PrepareOnce();
  prepared_ = false;
  return status == 0 ? LoadWithArena(ptr_.get(), &arena_data_offset_) : status;
}

int Object::Close(bool may_wait) {
  std::unique_lock lock(mutex_, std::defer_lock);
  if (!Lock(&lock, may_wait)) return -EBUSY;
  std::vector<std::shared_ptr<Link>> ending;
  {
    std::lock_guard list(links_mutex_);
    ending.swap(links_);
  }
  for (const auto& link : ending) link->Destroy();
  ptr_.reset();
  kept_.clear();
  return 0;
}

void Object::Adopt(const std::shared_ptr<Link>& link) {
  std::lock_guard lock(links_mutex_);
  links_.push_back(link);
}

void Object::Release(const std::shared_ptr<Link>& link) {
  std::lock_guard lock(links_mutex_);
  links_.erase(std::remove(links_.begin(), links_.end(), link), links_.end());
}

bool Object::HasLinks() {
  std::lock_guard lock(links_mutex_);
  return !links_.empty();
}

namespace {

struct Opening {
  std::vector<uint8_t> bytes;
  std::string name, btf;
  std::optional<std::string> kconfig, token, pin_root;
};

Reply Open(const Opening& opening) {
  auto options = Options<bpf_object_open_opts>();
  options.object_name = opening.name.c_str();
  if (!opening.btf.empty()) options.btf_custom_path = opening.btf.c_str();
  if (opening.kconfig) options.kconfig = opening.kconfig->c_str();
  if (opening.token) options.bpf_token_path = opening.token->c_str();
  if (opening.pin_root) options.pin_root_path = opening.pin_root->c_str();
  bpf_object* ptr = bpf_object__open_mem(opening.bytes.data(), opening.bytes.size(), &options);
  if (ptr == nullptr) return -errno;
  return std::make_shared<Object>(ptr);
}

// (bytes, name, file of BTF or empty, text of options or null, folder of a token or null: empty for no token,
// folder of pins or null)
Napi::Value ObjectOpen(const Napi::CallbackInfo& info) {
  auto opening = std::make_shared<Opening>();
  const bool fits = ReadFrom(info, 0, &opening->bytes, &opening->name, &opening->btf, &opening->kconfig,
                             &opening->token, &opening->pin_root);
  return Perform(info, [=](bool) -> Reply {
    if (!fits) return -EINVAL;
    return Open(*opening);
  });
}

Napi::Value ObjectPrepare(const Napi::CallbackInfo& info) {
  auto object = Handle<Object>::Unwrap(info[0]);
  return Perform(info, [object](bool may_wait) { return object ? object->Prepare(may_wait) : -EINVAL; });
}

Napi::Value ObjectLoad(const Napi::CallbackInfo& info) {
  auto object = Handle<Object>::Unwrap(info[0]);
  return Perform(info, [object](bool may_wait) { return object ? object->Load(may_wait) : -EINVAL; });
}

Napi::Value ObjectClose(const Napi::CallbackInfo& info) {
  auto object = Handle<Object>::Unwrap(info[0]);
  const auto work = [object](bool may_wait) { return object ? object->Close(may_wait) : -EINVAL; };
  return Perform(info, work, [object, env = info.Env()](const Reply& reply) {
    if (std::get<int>(reply) == 0) Addon::Of(env).attached.erase(object);
  });
}

// Handles of all that `next` steps through.
template <class P, class Next>
Napi::Value Parts(const Napi::CallbackInfo& info, Next next) {
  auto object = Handle<Object>::Unwrap(info[0]);
  auto list = Napi::Array::New(info.Env());
  const auto collect = [&](bpf_object* ptr) {
    for (auto* part = next(ptr, nullptr); part != nullptr; part = next(ptr, part)) {
      list.Set(list.Length(), Handle<P>::Wrap(info.Env(), std::make_shared<P>(object, part)));
    }
    return 0;
  };
  const int status = object ? object->Use(false, collect) : -EINVAL;
  return status == 0 ? Napi::Value(list) : Napi::Number::New(info.Env(), status);
}

Napi::Value ObjectPrograms(const Napi::CallbackInfo& info) {
  return Parts<Program>(info, bpf_object__next_program);
}
Napi::Value ObjectMaps(const Napi::CallbackInfo& info) {
  return Parts<Map>(info, bpf_object__next_map);
}

}  // namespace

void RegisterObject(Napi::Object exports) {
  ExportJob(exports, "objectOpen", ObjectOpen);
  ExportJob(exports, "objectPrepare", ObjectPrepare);
  ExportJob(exports, "objectLoad", ObjectLoad);
  ExportJob(exports, "objectClose", ObjectClose);
  ExportCall(exports, "objectPrograms", ObjectPrograms);
  ExportCall(exports, "objectMaps", ObjectMaps);
}
