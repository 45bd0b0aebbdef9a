// The parts of an object, its programs and maps: borrowed pointers that keep their object alive.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "../core/handle.h"
#include "object.h"

template <class T, uint64_t kTypeTag>
struct Part {
  static constexpr uint64_t kTag = kTypeTag;

  Part(std::shared_ptr<Object> owner, T* ptr) : object(std::move(owner)), ptr(ptr) {}

  std::shared_ptr<Object> object;
  T* ptr;  // owned by object; valid inside object->Use
};

// Runs `body` on a live part of an object; what it answers goes to JavaScript as a number, negative errno
// included.
template <class P, class Body>
Napi::Value NumberOf(const Napi::CallbackInfo& info, Body body) {
  auto part = Handle<P>::Unwrap(info[0]);
  if (!part || !part->object) return Napi::Number::New(info.Env(), -EINVAL);
  const auto use = [&](bpf_object*) -> int64_t { return body(part->ptr); };
  return Napi::Number::New(info.Env(), static_cast<double>(part->object->Use(false, use)));
}

// As NumberOf, for answers that are text.
template <class P, class Body>
Napi::Value TextOf(const Napi::CallbackInfo& info, Body body) {
  std::string text;
  const auto copy = [&](auto* ptr) {
    text = body(ptr);
    return 0;
  };
  const Napi::Value status = NumberOf<P>(info, copy);
  return status.As<Napi::Number>().Int32Value() == 0 ? Napi::String::New(info.Env(), text) : status;
}
