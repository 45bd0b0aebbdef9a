// bpf_program__attach_*: what all of them share.
#pragma once

#include <libbpf.h>
#include <napi.h>

#include <functional>

// Calls libbpf; null, with errno set, where that fails.
using MakeLink = std::function<bpf_link*(bpf_program* program)>;

// A job that attaches the program in the first argument. The link belongs to its object from then on.
Napi::Value AttachWith(const Napi::CallbackInfo& info, const MakeLink& make);
// The answer to arguments of the wrong kind.
Napi::Value InvalidAttach(const Napi::CallbackInfo& info);

// Options of libbpf, which tell versions apart by their size.
template <class T>
T Options() {
  T options = {};
  options.sz = sizeof(T);
  return options;
}
