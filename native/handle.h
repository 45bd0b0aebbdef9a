// Handles: what JavaScript holds of a native thing. An external over shared ownership, with a type tag, so
// that any other value in its place is told apart and never read.
#pragma once

#include <napi.h>

#include <memory>

// Every T has a constant of its own; the anchor's address keeps two copies of the addon in one process apart.
inline const char handle_anchor = 0;

template <class T>
class Handle {
 public:
  static Napi::Value Wrap(Napi::Env env, std::shared_ptr<T> owned) {
    auto external =
        Napi::External<std::shared_ptr<T>>::New(env, new std::shared_ptr<T>(std::move(owned)),
                                                [](Napi::Env, std::shared_ptr<T>* data) { delete data; });
    const napi_type_tag tag = Tag();
    external.TypeTag(&tag);
    return external;
  }

  // Null for anything that Wrap did not make.
  static std::shared_ptr<T> Unwrap(Napi::Value value) {
    if (!value.IsExternal()) return nullptr;
    auto external = value.As<Napi::External<std::shared_ptr<T>>>();
    const napi_type_tag tag = Tag();
    return external.CheckTypeTag(&tag) ? *external.Data() : nullptr;
  }

 private:
  static napi_type_tag Tag() { return {T::kTag, reinterpret_cast<uintptr_t>(&handle_anchor)}; }
};
