// All programs, maps and BTFs in the kernel, a batch at a time; and what a process's perf event runs.
#include "inspect.h"

#include <bpf.h>
#include <fcntl.h>
#include <libbpf.h>
#include <linux/limits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/descriptor.h"
#include "../core/values.h"

namespace {

std::vector<uint8_t> FdInfo(int fd) {
  std::vector<uint8_t> text(4096);
  const std::string path = "/proc/self/fdinfo/" + std::to_string(fd);
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const ssize_t length = file < 0 ? 0 : read(file, text.data(), text.size());
  if (file >= 0) close(file);
  text.resize(length < 0 ? 0 : length);
  return text;
}

// One kind of things that have numbers.
struct Kind {
  int (*next)(uint32_t, uint32_t*);
  int (*open)(uint32_t);
  int (*describe)(int, std::vector<uint8_t>*);
};

template <class T>
void Assign(const T& info, std::vector<uint8_t>* out) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(&info);
  out->assign(bytes, bytes + sizeof(info));
}

int MapInfo(int fd, std::vector<uint8_t>* out) {
  bpf_map_info info = {};
  uint32_t size = sizeof(info);
  const int status = bpf_map_get_info_by_fd(fd, &info, &size);
  Assign(info, out);
  return status;
}

int QueryBtf(int fd, char* name, uint32_t length, bpf_btf_info* info) {
  *info = {};
  info->name = reinterpret_cast<uintptr_t>(name);
  info->name_len = length;
  uint32_t size = sizeof(*info);
  return bpf_btf_get_info_by_fd(fd, info, &size);
}

// Its name stands behind the struct; kernels before 5.11 have none, and say E2BIG
// (bpf_check_uarg_tail_zero() in kernel/bpf/syscall.c).
int BtfInfo(int fd, std::vector<uint8_t>* out) {
  char name[64] = "";
  bpf_btf_info info = {};
  int status = QueryBtf(fd, name, sizeof(name), &info);
  if (status == -E2BIG) status = QueryBtf(fd, nullptr, 0, &info);
  info.name = 0;
  Assign(info, out);
  out->insert(out->end(), name, name + sizeof(name));
  return status;
}

// With its maps' numbers and its functions.
int ProgramInfo(int fd, std::vector<uint8_t>* out) {
  return DescribeProgram(fd, 3, out);
}

const Kind kKinds[] = {
    {bpf_prog_get_next_id, bpf_prog_get_fd_by_id, ProgramInfo},
    {bpf_map_get_next_id, bpf_map_get_fd_by_id, MapInfo},
    {bpf_btf_get_next_id, bpf_btf_get_fd_by_id, BtfInfo},
};

// A thing that went away since its number was told is none; 0 or a negative errno.
int Append(const Kind& kind, uint32_t id, std::vector<uint8_t>* out) {
  const int fd = kind.open(id);
  if (fd < 0) return fd == -ENOENT ? 0 : fd;
  std::vector<uint8_t> info;
  const int status = kind.describe(fd, &info);
  if (status == 0) AppendRecord(fd, info, out);
  close(fd);
  return status;
}

// The number of the last one that was looked at, 0 at the end; four bytes more; the records.
Reply Batch(const Kind& kind, uint32_t id, uint32_t count) {
  std::vector<uint8_t> out(8);
  for (; count > 0; count--) {
    const int status = kind.next(id, &id);
    if (status == -ENOENT) return out;
    const int added = status == 0 ? Append(kind, id, &out) : status;
    if (added != 0) return added;
  }
  memcpy(out.data(), &id, sizeof(id));
  return out;
}

// (kind, number to begin after, how many to look at).
Napi::Value InKernel(const Napi::CallbackInfo& info) {
  uint32_t kind = 0, id = 0, count = 0;
  if (!ReadFrom(info, 0, &kind, &id, &count) || kind >= std::size(kKinds) || count == 0)
    return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool) { return Batch(kKinds[kind], id, count); });
}

struct Fd {
  uint32_t program = 0, type = 0;
  uint64_t offset = 0, address = 0;
};

Reply QueryFd(int pid, int fd) {
  char name[PATH_MAX] = "";
  uint32_t length = sizeof(name), program = 0, type = 0;
  __u64 offset = 0, address = 0;
  const int status = bpf_task_fd_query(pid, fd, 0, name, &length, &program, &type, &offset, &address);
  if (status != 0) return status;
  std::vector<uint8_t> out;
  Assign(Fd{program, type, offset, address}, &out);
  out.insert(out.end(), name, name + strnlen(name, sizeof(name)));
  return out;
}

// (process, its descriptor): program, enum bpf_task_fd_type, offset, address, a name.
Napi::Value TaskFdQuery(const Napi::CallbackInfo& info) {
  int32_t pid = 0, fd = 0;
  if (!ReadFrom(info, 0, &pid, &fd)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool) { return QueryFd(pid, fd); });
}

Reply QueryPin(const std::string& path) {
  const int fd = bpf_obj_get(path.c_str());
  if (fd < 0) return -errno;
  const std::vector<uint8_t> info = FdInfo(fd);
  const std::string text = TargetOf(fd) + '\n' + std::string(info.begin(), info.end());
  close(fd);
  return text;
}

// (path): what is pinned there, as `anon_inode:bpf-map`, and the lines of its fdinfo.
Napi::Value PinQuery(const Napi::CallbackInfo& info) {
  std::string path;
  if (!Read(info[0], &path)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool) { return QueryPin(path); });
}

}  // namespace

void AppendRecord(int fd, const std::vector<uint8_t>& info, std::vector<uint8_t>* out) {
  constexpr size_t kAlign = 8;
  const std::vector<uint8_t> text = FdInfo(fd);
  const uint32_t lengths[] = {static_cast<uint32_t>(info.size()), static_cast<uint32_t>(text.size())};
  const auto* header = reinterpret_cast<const uint8_t*>(lengths);
  out->insert(out->end(), header, header + sizeof(lengths));
  out->insert(out->end(), info.begin(), info.end());
  out->insert(out->end(), text.begin(), text.end());
  out->resize((out->size() + kAlign - 1) / kAlign * kAlign);
}

void RegisterInspect(Napi::Object exports) {
  ExportJob(exports, "inKernel", InKernel);
  ExportJob(exports, "taskFdQuery", TaskFdQuery);
  ExportJob(exports, "pinQuery", PinQuery);
}
