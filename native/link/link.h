// bpf_link: one attachment. Lives until it is destroyed or its object closes; dropping handles does nothing.
#pragma once

#include <libbpf.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

class Object;

// Undoes an attachment of which the kernel keeps no link; 0 or a negative errno.
using DetachCall = std::function<int()>;

// How the kernel holds an attachment. The numbers are known to JavaScript.
enum class Via : int32_t { kLink, kNetlink, kProgAttach, kSocket, kMap };

class Link {
 public:
  static constexpr uint64_t kTag = 0x6c62706c696e6b00;

  Link(const std::shared_ptr<Object>& owner, bpf_link* ptr) : object_(owner), ptr_(ptr) {}
  // For a link of a descriptor, of which libbpf makes no bpf_link.
  explicit Link(int fd, const std::shared_ptr<Object>& owner = nullptr) : object_(owner), fd_(fd) {}
  // For what has no bpf_link: `detach` runs once.
  Link(const std::shared_ptr<Object>& owner, Via via, DetachCall detach)
      : object_(owner), via_(via), detach_(std::move(detach)) {}
  ~Link() { Destroy(); }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Detaches and frees; doing so twice is fine.
  int Destroy();
  int Fd();
  // Runs `body` on the live link; -EBADF once it is destroyed, -ENOTSUP for an attachment without a link.
  template <class Body>
  int Use(Body body) {
    std::lock_guard lock(mutex_);
    if (via_ != Via::kLink || fd_ >= 0) return -ENOTSUP;
    return ptr_ == nullptr ? -EBADF : body(ptr_);
  }
  // The same with its descriptor, also of a link of a descriptor.
  template <class Body>
  int UseFd(Body body) {
    std::lock_guard lock(mutex_);
    if (via_ != Via::kLink) return -ENOTSUP;
    if (fd_ >= 0) return body(fd_);
    return ptr_ == nullptr ? -EBADF : body(bpf_link__fd(ptr_));
  }
  int IterCreate();
  // From now on destroying leaves the program attached.
  int Disconnect();
  int Pin(const std::string& path);
  int Unpin();
  int Detach();
  Via via() const { return via_; }
  std::shared_ptr<Object> object() const { return object_.lock(); }

 private:
  std::weak_ptr<Object> object_;  // which owns this link
  std::mutex mutex_;
  const Via via_ = Via::kLink;
  bpf_link* ptr_ = nullptr;    // null once destroyed, and for an attachment without a link
  int fd_ = -1;                // of a link of a descriptor, until it is destroyed
  std::string pin_path_;       // of that one
  bool disconnected_ = false;  // of that one: its descriptor stays open with the process
  DetachCall detach_;          // empty once called, and for a link
};
