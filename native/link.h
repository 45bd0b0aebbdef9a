// bpf_link: one attachment. Lives until it is destroyed or its object closes; dropping handles does nothing.
#pragma once

#include <libbpf.h>

#include <cerrno>
#include <memory>
#include <mutex>

class Object;

class Link {
 public:
  static constexpr uint64_t kTag = 0x6c62706c696e6b00;

  Link(const std::shared_ptr<Object>& owner, bpf_link* ptr) : object_(owner), ptr_(ptr) {}
  ~Link() { Destroy(); }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Detaches and frees; doing so twice is fine.
  int Destroy();
  int Fd();
  // Runs `body` on the live link; -EBADF once it is destroyed.
  template <class Body>
  int Use(Body body) {
    std::lock_guard lock(mutex_);
    return ptr_ == nullptr ? -EBADF : body(ptr_);
  }
  int IterCreate();
  std::shared_ptr<Object> object() const { return object_.lock(); }

 private:
  std::weak_ptr<Object> object_;  // which owns this link
  std::mutex mutex_;
  bpf_link* ptr_;  // null once destroyed
};
