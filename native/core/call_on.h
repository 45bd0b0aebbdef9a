// Methods as functions of the addon: the first argument is the thing's handle, the others are the method's.
#pragma once

#include <napi.h>

#include <cerrno>
#include <tuple>
#include <type_traits>

#include "handle.h"
#include "values.h"

template <class T, class Result, class... Args>
int CallMethod(const Napi::CallbackInfo& info, Result (T::*method)(Args...)) {
  auto thing = Handle<T>::Unwrap(info[0]);
  std::tuple<Args...> args;
  const auto read = [&](auto&... each) { return ReadFrom(info, 1, &each...); };
  if (!thing || !std::apply(read, args)) return -EINVAL;
  const auto call = [&](auto&... each) { return (thing.get()->*method)(each...); };
  if constexpr (std::is_void_v<Result>) {
    std::apply(call, args);
    return 0;
  } else {
    return std::apply(call, args);
  }
}

// What the method answers, 0 where that is nothing, or -EINVAL for a handle or an argument of another type.
template <auto method>
Napi::Value CallOn(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), CallMethod(info, method));
}
