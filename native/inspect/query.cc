// Who sits at a hook: programs by id, and their names.
#include <bpf.h>
#include <net/if.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/netns.h"
#include "../core/options.h"
#include "../core/values.h"
#include "tc_dump.h"

namespace {

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

// What a hook has: of each program its id, its flags and its link.
struct Lists {
  std::vector<uint32_t> ids, flags, links;
};

// Begins with room for BPF_CGROUP_MAX_PROGS and BPF_MPROG_MAX programs. There may be more in all LSM hooks of
// a cgroup, or with those of the cgroups above it: ENOSPC, with their number (__cgroup_bpf_query() in
// kernel/bpf/cgroup.c).
int Query(int netns, int target, bpf_attach_type type, bool details, struct bpf_prog_query_opts* options,
          Lists* lists) {
  for (uint32_t room = 64;; room = options->count) {
    for (auto* list : {&lists->ids, &lists->flags, &lists->links}) list->assign(room, 0);
    options->count = room;
    options->prog_ids = lists->ids.data();
    options->prog_attach_flags = details ? lists->flags.data() : nullptr;
    options->link_ids = details ? lists->links.data() : nullptr;
    const int status = InNetns(netns, [&] { return bpf_prog_query_opts(target, type, options); });
    if (status != -ENOSPC || options->count <= room) return status;
  }
}

Reply QueryPrograms(int netns, int target, bpf_attach_type type, uint32_t flags) {
  Lists lists;
  auto options = Options<struct bpf_prog_query_opts>();
  options.query_flags = flags;
  const int status = Query(netns, target, type, false, &options, &lists);
  if (status != 0) return status;
  const auto* bytes = reinterpret_cast<const uint8_t*>(lists.ids.data());
  return std::vector<uint8_t>(bytes, bytes + options.count * sizeof(uint32_t));
}

// (netns, descriptor or interface, attach type, flags): 32-bit ids.
Napi::Value ProgQuery(const Napi::CallbackInfo& info) {
  int32_t netns = 0, target = 0;
  bpf_attach_type type = BPF_CGROUP_INET_INGRESS;
  uint32_t flags = 0;
  if (!ReadFrom(info, 0, &netns, &target, &type, &flags)) return Invalid(info);
  return Perform(info, [=](bool) { return QueryPrograms(netns, target, type, flags); });
}

// What stands before the lists of QueryHook's answer.
struct HookHeader {
  uint64_t revision = 0;
  uint32_t attach_flags = 0;
  uint32_t count = 0;
};

// Lists of as many 32-bit numbers as the header says, one after the other: program ids, their flags, link
// ids.
std::vector<uint8_t> Packed(const HookHeader& header, std::initializer_list<const uint32_t*> lists) {
  const auto* start = reinterpret_cast<const uint8_t*>(&header);
  std::vector<uint8_t> bytes(start, start + sizeof(header));
  for (const uint32_t* list : lists) {
    const auto* data = reinterpret_cast<const uint8_t*>(list);
    bytes.insert(bytes.end(), data, data + header.count * sizeof(uint32_t));
  }
  return bytes;
}

Reply QueryHook(int netns, int target, bpf_attach_type type, uint32_t flags, bool details) {
  Lists lists;
  auto options = Options<struct bpf_prog_query_opts>();
  options.query_flags = flags;
  const int status = Query(netns, target, type, details, &options, &lists);
  if (status != 0) return status;
  const HookHeader header = {options.revision, options.attach_flags, options.count};
  return Packed(header, {lists.ids.data(), lists.flags.data(), lists.links.data()});
}

// (netns, descriptor or interface, attach type, flags, whether with flags and links, which kernels from 6.6
// on have)
Napi::Value HookQuery(const Napi::CallbackInfo& info) {
  int32_t netns = 0, target = 0;
  bpf_attach_type type = BPF_CGROUP_INET_INGRESS;
  uint32_t flags = 0;
  bool details = false;
  if (!ReadFrom(info, 0, &netns, &target, &type, &flags, &details)) return Invalid(info);
  return Perform(info, [=](bool) { return QueryHook(netns, target, type, flags, details); });
}

// (section): enum bpf_attach_type.
Napi::Value AttachTypeByName(const Napi::CallbackInfo& info) {
  std::string section;
  bpf_attach_type type = {};
  if (!Read(info[0], &section)) return Napi::Number::New(info.Env(), -EINVAL);
  const int status = libbpf_attach_type_by_name(section.c_str(), &type);
  return Napi::Number::New(info.Env(), status == 0 ? static_cast<int>(type) : status);
}

// (section): enum bpf_prog_type of its programs.
Napi::Value ProgramTypeByName(const Napi::CallbackInfo& info) {
  std::string section;
  bpf_prog_type type = {};
  bpf_attach_type attach_type = {};
  if (!Read(info[0], &section)) return Napi::Number::New(info.Env(), -EINVAL);
  const int status = libbpf_prog_type_by_name(section.c_str(), &type, &attach_type);
  return Napi::Number::New(info.Env(), status == 0 ? static_cast<int>(type) : status);
}

// (netns, interface, mode): an id, 0 for none.
Napi::Value XdpQueryId(const Napi::CallbackInfo& info) {
  int32_t netns = 0, interface = 0;
  uint32_t mode = 0;
  if (!ReadFrom(info, 0, &netns, &interface, &mode)) return Invalid(info);
  return Perform(info, [=](bool) {
    uint32_t id = 0;
    const int status =
        InNetns(netns, [&] { return bpf_xdp_query_id(interface, static_cast<int>(mode), &id); });
    return status == 0 ? static_cast<int>(id) : status;
  });
}

// (netns, interface, point, handle, priority): an id.
Napi::Value TcQueryId(const Napi::CallbackInfo& info) {
  int32_t netns = 0;
  auto hook = Options<bpf_tc_hook>();
  uint32_t handle = 0, priority = 0;
  if (!ReadFrom(info, 0, &netns, &hook.ifindex, &hook.attach_point, &handle, &priority)) return Invalid(info);
  return Perform(info, [=](bool) {
    auto found = Options<bpf_tc_opts>();
    found.handle = handle;
    found.priority = priority;
    const int status = InNetns(netns, [&] { return bpf_tc_query(&hook, &found); });
    return status == 0 ? static_cast<int>(found.prog_id) : status;
  });
}

// (netns, RTM_GET…, interface, parent): netlink messages as they came (netlink(7)).
Napi::Value TcDump(const Napi::CallbackInfo& info) {
  int32_t netns = 0, interface = 0;
  uint32_t type = 0, parent = 0;
  if (!ReadFrom(info, 0, &netns, &type, &interface, &parent)) return Invalid(info);
  return Perform(info, [=](bool) -> Reply {
    std::vector<uint8_t> messages;
    const auto dump = [&] { return DumpTc(type, interface, parent, &messages); };
    const int status = InNetns(netns, dump);
    if (status != 0) return status;
    return messages;
  });
}

Reply NameOf(uint32_t id) {
  const int fd = bpf_prog_get_fd_by_id(id);
  if (fd < 0) return -errno;
  bpf_prog_info details = {};
  uint32_t size = sizeof(details);
  const int status = bpf_prog_get_info_by_fd(fd, &details, &size);
  close(fd);
  if (status != 0) return status;
  return std::string(details.name, strnlen(details.name, sizeof(details.name)));
}

// (id): the kernel keeps 15 characters (BPF_OBJ_NAME_LEN in include/uapi/linux/bpf.h).
Napi::Value ProgramNameById(const Napi::CallbackInfo& info) {
  uint32_t id = 0;
  if (!ReadFrom(info, 0, &id)) return Invalid(info);
  return Perform(info, [=](bool) { return NameOf(id); });
}

Reply InterfaceNames(int netns) {
  std::string text;
  const int status = InNetns(netns, [&] {
    auto* all = if_nameindex();
    if (all == nullptr) return -errno;
    for (auto* one = all; one->if_index != 0; one++) {
      text += std::to_string(one->if_index) + ' ' + one->if_name + '\n';
    }
    if_freenameindex(all);
    return 0;
  });
  if (status != 0) return status;
  return text;
}

// (netns): a line for each interface, its index and its name.
Napi::Value IfNameIndex(const Napi::CallbackInfo& info) {
  int32_t netns = 0;
  if (!ReadFrom(info, 0, &netns)) return Invalid(info);
  return Perform(info, [=](bool) { return InterfaceNames(netns); });
}

}  // namespace

void RegisterQuery(Napi::Object exports) {
  ExportJob(exports, "progQuery", ProgQuery);
  ExportJob(exports, "hookQuery", HookQuery);
  ExportCall(exports, "attachTypeByName", AttachTypeByName);
  ExportCall(exports, "programTypeByName", ProgramTypeByName);
  ExportJob(exports, "xdpQueryId", XdpQueryId);
  ExportJob(exports, "tcQueryId", TcQueryId);
  ExportJob(exports, "tcDump", TcDump);
  ExportJob(exports, "programNameById", ProgramNameById);
  ExportJob(exports, "ifNameIndex", IfNameIndex);
}
