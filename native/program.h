// bpf_program: borrowed from its object, which it keeps alive.
#pragma once

#include <libbpf.h>

#include <memory>

#include "object.h"

struct Program {
  static constexpr uint64_t kTag = 0x6c627072676f616d;

  Program(std::shared_ptr<Object> owner, bpf_program* ptr) : object(std::move(owner)), ptr(ptr) {}

  std::shared_ptr<Object> object;
  bpf_program* ptr;  // owned by object; valid inside object->Use
};
