// tc filters and their clsact queueing discipline: over netlink, so it is us who remove them.
#include <linux/pkt_sched.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/descriptor.h"
#include "../core/job.h"
#include "../core/netns.h"
#include "../core/values.h"
#include "../inspect/tc_dump.h"
#include "attach.h"

namespace {

constexpr auto kBoth = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);

// One filter: where it is, and the priority and handle that it got.
struct Filter {
  int interface = 0;
  bpf_tc_attach_point point = BPF_TC_INGRESS;
  uint32_t handle = 0;
  uint32_t priority = 0;
  uint32_t program_id = 0;

  bpf_tc_hook Hook(bpf_tc_attach_point at) const {
    auto hook = Options<bpf_tc_hook>();
    hook.ifindex = interface;
    hook.attach_point = at;
    return hook;
  }
  std::pair<uint64_t, int> Clsact() const { return {NetnsInode(), interface}; }
  bpf_tc_opts Place() const {
    auto place = Options<bpf_tc_opts>();
    place.handle = handle;
    place.priority = priority;
    return place;
  }
};

bool IsGone(int status) {
  return status == -ENOENT || status == -ENODEV || status == -EINVAL;
}

// Our last filter of a discipline that we made takes it along, unless somebody else's is there by then.
// Nothing of it is kept in mind after that, for another namespace may have the number of one that is gone.
int ReleaseClsact(const Filter& filter, Clsacts* clsacts) {
  std::lock_guard lock(clsacts->mutex);
  const auto made = clsacts->made.find(filter.Clsact());
  if (made == clsacts->made.end() || --made->second > 0) return 0;
  clsacts->made.erase(made);
  const int ingress = CountTcFilters(filter.interface, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS));
  const int egress = CountTcFilters(filter.interface, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS));
  if (ingress != 0 || egress != 0) return 0;
  auto hook = filter.Hook(kBoth);
  const int status = bpf_tc_hook_destroy(&hook);
  return IsGone(status) ? 0 : status;
}

int RemoveFilter(const Filter& filter) {
  auto hook = filter.Hook(filter.point);
  auto present = filter.Place();
  auto place = filter.Place();
  const int known = bpf_tc_query(&hook, &present);
  if (IsGone(known)) return 0;                                       // with its interface, or its discipline
  if (known == 0 && present.prog_id != filter.program_id) return 0;  // somebody took its place
  const int status = bpf_tc_detach(&hook, &place);
  return IsGone(status) ? 0 : status;
}

int Remove(const Filter& filter, Clsacts* clsacts) {
  const int status = RemoveFilter(filter);
  const int released = ReleaseClsact(filter, clsacts);
  return status != 0 ? status : released;
}

int MakeClsact(const Filter& filter, Clsacts* clsacts) {
  std::lock_guard lock(clsacts->mutex);
  auto hook = filter.Hook(kBoth);
  const int status = bpf_tc_hook_create(&hook);
  if (status == 0) clsacts->made[filter.Clsact()] = 0;
  if (status != 0 && status != -EEXIST) return status;
  const auto made = clsacts->made.find(filter.Clsact());
  if (made != clsacts->made.end()) made->second++;
  return 0;
}

int Add(int program, uint32_t flags, Filter* filter, Clsacts* clsacts) {
  const int status = MakeClsact(*filter, clsacts);
  if (status != 0) return status;
  const auto hook = filter->Hook(filter->point);
  auto place = filter->Place();
  place.prog_fd = program;
  place.flags = flags;
  const int failed = bpf_tc_attach(&hook, &place);
  if (failed != 0) {
    ReleaseClsact(*filter, clsacts);
    return failed;
  }
  filter->handle = place.handle;
  filter->priority = place.priority;
  filter->program_id = place.prog_id;
  return 0;
}

// (program, netns, interface, BPF_TC_INGRESS or BPF_TC_EGRESS, handle, priority, flags)
Napi::Value AttachTc(const Napi::CallbackInfo& info) {
  Filter wanted;
  int32_t netns = 0;
  uint32_t flags = 0;
  if (!ReadFrom(info, 1, &netns, &wanted.interface, &wanted.point, &wanted.handle, &wanted.priority,
                &flags)) {
    return InvalidAttach(info);
  }
  const auto clsacts = Addon::Of(info.Env()).clsacts;
  return AttachWithoutLink(info, Via::kNetlink, [=](const Attachee& program, DetachCall* detach) {
    const auto home = Descriptor::Copy(netns);
    if (!home) return -errno;
    Filter filter = wanted;
    const int status = InNetns(home->fd(), [&] { return Add(program.fd, flags, &filter, clsacts.get()); });
    *detach = [=] { return InNetns(home->fd(), [&] { return Remove(filter, clsacts.get()); }); };
    return status;
  });
}

}  // namespace

void RegisterAttachTc(Napi::Object exports) {
  ExportJob(exports, "programAttachTc", AttachTc);
}
