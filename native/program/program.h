// bpf_program: one of an object's, or one that we hold by its descriptor alone.
#pragma once

#include <libbpf.h>

#include <memory>

#include "../core/closable_descriptor.h"
#include "../object/part.h"

struct Program : Part<bpf_program, 0x6c627072676f616d> {
  using Part::Part;
  explicit Program(std::shared_ptr<ClosableDescriptor> bare)
      : Part(nullptr, nullptr), bare(std::move(bare)) {}

  std::shared_ptr<ClosableDescriptor> bare;  // null for a program of an object; then there is no object
  bpf_attach_type bare_type = {};            // where its section attaches it, of a bare one

  // Runs `body` on the descriptor of a program that is loaded, whoever holds it.
  template <class Body>
  auto UseFd(bool may_wait, Body body) const -> decltype(body(0)) {
    if (bare) return bare->Use(may_wait, body);
    return object->Use(may_wait, [&](bpf_object*) -> decltype(body(0)) {
      const int fd = bpf_program__fd(ptr);
      return fd < 0 ? decltype(body(0))(fd) : body(fd);
    });
  }
};

// Runs `body` on the descriptor of a loaded program; what it answers goes to JavaScript as a number.
template <class Body>
Napi::Value NumberOfFd(const Napi::CallbackInfo& info, Body body) {
  auto program = Handle<Program>::Unwrap(info[0]);
  return Napi::Number::New(info.Env(), program ? program->UseFd(false, body) : -EINVAL);
}
