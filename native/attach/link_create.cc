// bpf_link_create() for hooks that take a target and numbers: a new one of them needs no C++.
#include <bpf.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/netns.h"
#include "../core/values.h"
#include "attach.h"

namespace {

struct Member {
  std::string_view name;
  size_t offset;
  size_t size;
};

#define MEMBER(name)                                                                \
  {                                                                                 \
#name, offsetof(bpf_link_create_opts, name), sizeof(bpf_link_create_opts::name) \
  }

// All but those that point to something.
constexpr Member kMembers[] = {
    MEMBER(flags),
    MEMBER(target_btf_id),
    MEMBER(perf_event.bpf_cookie),
    MEMBER(tracing.cookie),
    MEMBER(netfilter.pf),
    MEMBER(netfilter.hooknum),
    MEMBER(netfilter.priority),
    MEMBER(netfilter.flags),
    MEMBER(tcx.relative_fd),
    MEMBER(tcx.relative_id),
    MEMBER(tcx.expected_revision),
    MEMBER(netkit.relative_fd),
    MEMBER(netkit.relative_id),
    MEMBER(netkit.expected_revision),
    MEMBER(cgroup.relative_fd),
    MEMBER(cgroup.relative_id),
    MEMBER(cgroup.expected_revision),
};

#undef MEMBER

// Negative numbers are their two's complement.
bool FitsWord(uint64_t value) {
  return value <= UINT32_MAX || value >= static_cast<uint64_t>(INT32_MIN);
}

bool Put(bpf_link_create_opts* options, const std::string& name, uint64_t value) {
  for (const auto& member : kMembers) {
    if (member.name != name) continue;
    const bool is_wide = member.size == sizeof(value);
    if (!is_wide && !FitsWord(value)) return false;
    const auto word = static_cast<uint32_t>(value);
    const void* from = is_wide ? static_cast<const void*>(&value) : &word;
    memcpy(reinterpret_cast<char*>(options) + member.offset, from, member.size);
    return true;
  }
  return false;
}

bool PutAll(bpf_link_create_opts* options, const std::vector<std::string>& names,
            const std::vector<uint64_t>& values) {
  if (names.size() != values.size()) return false;
  for (size_t index = 0; index < names.size(); index++) {
    if (!Put(options, names[index], values[index])) return false;
  }
  return true;
}

// (program, netns or -1 for our own, target, names of members, their values)
Napi::Value LinkCreate(const Napi::CallbackInfo& info) {
  int32_t netns = 0, target = 0;
  std::vector<std::string> names;
  std::vector<uint64_t> values;
  auto options = Options<bpf_link_create_opts>();
  if (!ReadFrom(info, 1, &netns, &target, &names, &values) || !PutAll(&options, names, values))
    return InvalidAttach(info);
  return AttachByDescriptor(info, [=](const Attachee& program) {
    int link = -1;
    const int status = InNetns(netns, [&] {
      link = bpf_link_create(program.fd, target, program.type, &options);
      return link < 0 ? link : 0;
    });
    if (status == 0) return link;
    if (link >= 0) close(link);
    return status;
  });
}

}  // namespace

void RegisterLinkCreate(Napi::Object exports) {
  ExportJob(exports, "linkCreate", LinkCreate);
}
