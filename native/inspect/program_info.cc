// bpf_prog_info of any program in the kernel, with the lists that it points to.
#include <bpf.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/descriptor.h"
#include "../core/values.h"
#include "inspect.h"

namespace {

// A list behind a pointer: how many, and how large one is: a number, or a field of the struct.
struct List {
  __u64 bpf_prog_info::*where;
  __u32 bpf_prog_info::*count;
  uint32_t size;
  __u32 bpf_prog_info::*told_size;
};

// By their bits in `parts`; lib/inspect/program-record.ts has the same order.
const List kLists[] = {
    {&bpf_prog_info::map_ids, &bpf_prog_info::nr_map_ids, 4, nullptr},
    {&bpf_prog_info::func_info, &bpf_prog_info::nr_func_info, 0, &bpf_prog_info::func_info_rec_size},
    {&bpf_prog_info::xlated_prog_insns, &bpf_prog_info::xlated_prog_len, 1, nullptr},
    {&bpf_prog_info::line_info, &bpf_prog_info::nr_line_info, 0, &bpf_prog_info::line_info_rec_size},
    {&bpf_prog_info::jited_ksyms, &bpf_prog_info::nr_jited_ksyms, 8, nullptr},
    {&bpf_prog_info::jited_func_lens, &bpf_prog_info::nr_jited_func_lens, 4, nullptr},
    {&bpf_prog_info::jited_prog_insns, &bpf_prog_info::jited_prog_len, 1, nullptr},
    {&bpf_prog_info::jited_line_info, &bpf_prog_info::nr_jited_line_info, 0,
     &bpf_prog_info::jited_line_info_rec_size},
};
constexpr size_t kAlign = 8;

int Query(int fd, bpf_prog_info* info) {
  uint32_t size = sizeof(*info);
  return bpf_prog_get_info_by_fd(fd, info, &size);
}

// A place for each wanted list, as the first query told their lengths.
size_t LayOut(uint32_t parts, const bpf_prog_info& told, bpf_prog_info* asked) {
  size_t end = sizeof(bpf_prog_info);
  for (size_t at = 0; at < std::size(kLists); at++) {
    const List& list = kLists[at];
    if ((parts >> at & 1) == 0) continue;
    const size_t size = list.told_size == nullptr ? list.size : told.*list.told_size;
    asked->*list.where = end;
    asked->*list.count = told.*list.count;
    if (list.told_size != nullptr) asked->*list.told_size = told.*list.told_size;
    end = (end + size * (told.*list.count) + kAlign - 1) / kAlign * kAlign;
  }
  return end;
}

// From offsets to addresses by adding where the bytes are, and back by taking it away; 0 is nothing.
void Move(bpf_prog_info* info, uint64_t by) {
  for (const List& list : kLists)
    if (info->*list.where != 0) info->*list.where += by;
}

// What came is no more than what there was room for.
void Limit(uint32_t parts, const bpf_prog_info& asked, bpf_prog_info* got) {
  for (size_t at = 0; at < std::size(kLists); at++) {
    const auto count = kLists[at].count;
    if ((parts >> at & 1) != 0) got->*count = std::min(got->*count, asked.*count);
  }
}

// A map or BTF is answered with its own struct, whose pointers are elsewhere (bpf_obj_get_info_by_fd() in
// kernel/bpf/syscall.c).
bool IsProgram(int fd) {
  return TargetOf(fd) == "anon_inode:bpf-prog";
}

// Takes a descriptor over, or the errno that stands in its place.
Reply Describe(int fd, uint32_t parts) {
  if (fd < 0) return -errno;
  std::vector<uint8_t> info, record;
  const int status = IsProgram(fd) ? DescribeProgram(fd, parts, &info) : -EINVAL;
  if (status == 0) AppendRecord(fd, info, &record);
  close(fd);
  if (status != 0) return status;
  return record;
}

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

// (descriptor, bits of kLists): a record; the caller keeps its descriptor.
Napi::Value ProgramInfo(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  uint32_t parts = 0;
  if (!ReadFrom(info, 0, &fd, &parts)) return Invalid(info);
  const auto copy = Descriptor::Copy(fd);
  if (!copy || fd < 0) return Perform(info, [](bool) { return -EBADF; });
  return Perform(info, [=](bool) { return Describe(fcntl(copy->fd(), F_DUPFD_CLOEXEC, 0), parts); });
}

// (enum bpf_stats_type): a descriptor that is the caller's to close; the kernel counts as long as one is
// open (bpf_enable_runtime_stats() in kernel/bpf/syscall.c).
Napi::Value EnableStats(const Napi::CallbackInfo& info) {
  bpf_stats_type type = BPF_STATS_RUN_TIME;
  if (!Read(info[0], &type)) return Invalid(info);
  return Perform(info, [=](bool) { return bpf_enable_stats(type); });
}

}  // namespace

int DescribeProgram(int fd, uint32_t parts, std::vector<uint8_t>* bytes) {
  bpf_prog_info told = {}, asked = {};
  const int first = Query(fd, &told);
  if (first != 0) return first;
  bytes->assign(LayOut(parts, told, &asked), 0);
  const auto base = reinterpret_cast<uintptr_t>(bytes->data());
  bpf_prog_info got = asked;
  Move(&got, base);
  const int second = Query(fd, &got);
  if (second != 0) return second;
  Move(&got, -base);
  Limit(parts, asked, &got);
  memcpy(bytes->data(), &got, sizeof(got));
  return 0;
}

void RegisterProgramInfo(Napi::Object exports) {
  ExportJob(exports, "programInfo", ProgramInfo);
  ExportJob(exports, "enableStats", EnableStats);
}
