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
  // Undefined in an environment that is ending: it creates no externals any more.
  static Napi::Value Wrap(Napi::Env env, std::shared_ptr<T> owned) {
    auto* data = new std::shared_ptr<T>(std::move(owned));
    const napi_type_tag tag = Tag();
    napi_value external = nullptr;
    if (napi_create_external(env, data, Finalize, nullptr, &external) != napi_ok) {
      delete data;
      return env.Undefined();
    }
    const bool tagged = napi_type_tag_object(env, external, &tag) == napi_ok;
    return tagged ? Napi::Value(env, external) : env.Undefined();
  }

  // Null for anything that Wrap did not make.
  static std::shared_ptr<T> Unwrap(Napi::Value value) {
    if (!value.IsExternal()) return nullptr;
    auto external = value.As<Napi::External<std::shared_ptr<T>>>();
    const napi_type_tag tag = Tag();
    return external.CheckTypeTag(&tag) ? *external.Data() : nullptr;
  }

 private:
  static void Finalize(napi_env, void* data, void*) { delete static_cast<std::shared_ptr<T>*>(data); }
  static napi_type_tag Tag() { return {T::kTag, reinterpret_cast<uintptr_t>(&handle_anchor)}; }
};
