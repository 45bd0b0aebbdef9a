// bpf_program__attach_*: what all of them share.
#pragma once

#include <libbpf.h>
#include <napi.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../core/options.h"
#include "../link/link.h"

class Object;

// A program by its descriptor, and where its section attaches it.
struct Attachee {
  int fd = -1;
  bpf_attach_type type = {};
};

// Calls libbpf; null, with errno set, where that fails.
using MakeLink = std::function<bpf_link*(bpf_program* program)>;
// Makes a link of a program's descriptor, as of one without an object, of which libbpf has no bpf_program: a
// descriptor of the link, or a negative errno.
using MakeLinkFd = std::function<int(const Attachee& program)>;
// Attaches where the kernel keeps no link; 0, with a way back, or a negative errno.
using MakeDetach = std::function<int(const Attachee& program, DetachCall* detach)>;
// Attaches something of an object; 0, with its link, or a negative errno.
using MakeOwned = std::function<int(std::shared_ptr<Link>* link)>;

// A job that attaches the program in the first argument. The link belongs to its object from then on, or to
// the environment where it has none; -EOPNOTSUPP for one without an object where there is no `make_fd`.
Napi::Value AttachWith(const Napi::CallbackInfo& info, const MakeLink& make,
                       const MakeLinkFd& make_fd = nullptr);
// The same by a call that takes a descriptor of any program.
Napi::Value AttachByDescriptor(const Napi::CallbackInfo& info, const MakeLinkFd& make);
Napi::Value AttachWithoutLink(const Napi::CallbackInfo& info, Via via, const MakeDetach& make);
// What both are made of. `object` may be null, for an argument that was no handle.
Napi::Value AttachOwned(const Napi::CallbackInfo& info, const std::shared_ptr<Object>& object,
                        const MakeOwned& make);
// The answer to arguments of the wrong kind.
Napi::Value InvalidAttach(const Napi::CallbackInfo& info);

inline const char* Text(const std::optional<std::string>& text) {
  return text ? text->c_str() : nullptr;
}

inline std::vector<const char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const auto& text : texts) pointers.push_back(text.c_str());
  return pointers;
}

// An empty list is absent; one that is there has as many entries as there are probes.
template <class T>
bool ListFits(const std::vector<T>& list, size_t count) {
  return list.empty() || list.size() == count;
}

inline const uint64_t* ListData(const std::vector<uint64_t>& list) {
  return list.empty() ? nullptr : list.data();
}
