// bpf_map: borrowed from its object, which it keeps alive.
#pragma once

#include <libbpf.h>

#include <memory>

#include "object.h"

struct Map {
  static constexpr uint64_t kTag = 0x6c62706d61700000;

  Map(std::shared_ptr<Object> owner, bpf_map* ptr) : object(std::move(owner)), ptr(ptr) {}

  std::shared_ptr<Object> object;
  bpf_map* ptr;  // owned by object; valid inside object->Use
};
