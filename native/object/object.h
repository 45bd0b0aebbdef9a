// bpf_object: owns its programs, maps and links. Closed explicitly, or with the last handle if nothing of it
// is attached.
#pragma once

#include <libbpf.h>

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "../core/descriptor.h"

class Link;

class Object {
 public:
  static constexpr uint64_t kTag = 0x6c62706f626a6563;

  explicit Object(bpf_object* ptr) : ptr_(ptr, bpf_object__close) {}
  ~Object() { Close(true); }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  // Creates maps and relocates programs; what it prepared, Load loads.
  int Prepare(bool may_wait);
  int Load(bool may_wait);
  // Detaches what is attached, then frees. Closing twice is fine.
  int Close(bool may_wait);
  // True once a load was prepared: from then on sections may be mapped read-only, also if it failed
  // (bpf_object__create_maps() in libbpf.c).
  bool load_tried() const { return load_tried_; }
  // True while it is relocated and not loaded yet.
  bool prepared() const { return prepared_; }

  // The object's arena as libbpf mapped it, kept while a buffer of it is in use; null where there is none.
  // Inside Use only.
  std::shared_ptr<void> arena() const { return {ptr_, arena_}; }
  // How far behind the arena's start the programs look for its variables, once the object is loaded.
  size_t arena_data_offset() const { return arena_data_offset_; }

  // Runs `body` while the object is neither loaded nor closed; -EBUSY if it is, -EBADF once it is closed.
  template <class Body>
  auto Use(bool may_wait, Body body) -> decltype(body(nullptr)) {
    std::shared_lock lock(mutex_, std::defer_lock);
    if (may_wait) {
      lock.lock();
    } else if (!lock.try_lock()) {
      return -EBUSY;
    }
    if (ptr_ == nullptr) return -EBADF;
    return body(ptr_.get());
  }

  // Attaching writes to libbpf's object (bpf_program__attach_usdt() in libbpf.c keeps a manager there): one
  // at a time. Held inside Use.
  std::mutex attaching;

  // Links hold memory of the object (USDT does), so it owns them until they are released or it closes.
  void Adopt(const std::shared_ptr<Link>& link);
  void Release(const std::shared_ptr<Link>& link);
  bool HasLinks();

  // A descriptor that libbpf knows of until the object closes. Inside Use only, on the object's own thread.
  void Keep(std::shared_ptr<Descriptor> descriptor) { kept_.push_back(std::move(descriptor)); }

 private:
  bool Lock(std::unique_lock<std::shared_mutex>* lock, bool may_wait);
  int PrepareOnce();

  std::mutex links_mutex_;  // never held during a system call, so that the main thread may take it
  std::vector<std::shared_ptr<Link>> links_;
  std::shared_mutex mutex_;  // shared by calls on programs and maps, exclusive for load and close
  // Null once closed; with memory that somebody looks at, the object goes a moment later.
  std::shared_ptr<bpf_object> ptr_;
  std::vector<std::shared_ptr<Descriptor>> kept_;
  void* arena_ = nullptr;  // where libbpf mapped it
  size_t arena_data_offset_ = 0;
  bool load_tried_ = false;
  bool prepared_ = false;
};
