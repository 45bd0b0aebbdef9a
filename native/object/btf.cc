// btf_dump: kernel types as C; BTF that the kernel holds, by its id. All other work on BTF is TypeScript's.
#include <bpf.h>
#include <btf.h>
#include <fcntl.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <memory>

#include "../core/addon.h"
#include "../core/closable_descriptor.h"
#include "../core/descriptor.h"
#include "../core/job.h"
#include "../core/values.h"

namespace {

void Append(void* context, const char* format, va_list args) {
  auto* text = static_cast<std::string*>(context);
  va_list again;
  va_copy(again, args);
  const int size = vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (size <= 0) return;
  const size_t start = text->size();
  text->resize(start + size + 1);
  vsnprintf(&(*text)[start], size + 1, format, args);
  text->resize(start + size);
}

Reply Dump(const std::vector<uint8_t>& bytes) {
  std::unique_ptr<btf, decltype(&btf__free)> types(btf__new(bytes.data(), bytes.size()), btf__free);
  if (!types) return -errno;
  std::string text;
  std::unique_ptr<btf_dump, decltype(&btf_dump__free)> dump(
      btf_dump__new(types.get(), Append, &text, nullptr), btf_dump__free);
  if (!dump) return -errno;
  const uint32_t count = btf__type_cnt(types.get());
  for (uint32_t id = 1; id < count; id++) {
    const int status = btf_dump__dump_type(dump.get(), id);
    if (status != 0) return status;
  }
  return text;
}

Napi::Value BtfDump(const Napi::CallbackInfo& info) {
  std::vector<uint8_t> bytes;
  if (!Read(info[0], &bytes) || bytes.empty()) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [bytes = std::move(bytes)](bool) { return Dump(bytes); });
}

// A program or map is answered with its own struct (bpf_obj_get_info_by_fd() in kernel/bpf/syscall.c).
int Describe(int fd, bpf_btf_info* info) {
  const std::string target = TargetOf(fd);
  if (!target.empty() && target != "anon_inode:btf") return -EINVAL;
  uint32_t size = sizeof(*info);
  return bpf_btf_get_info_by_fd(fd, info, &size);
}

// Takes a descriptor over, or the errno that stands in its place.
Reply Fetch(int opened) {
  const ClosableDescriptor closing(opened);
  if (opened < 0) return -errno;
  bpf_btf_info info = {};
  const int status = Describe(opened, &info);
  if (status < 0) return status;
  std::vector<uint8_t> bytes(info.btf_size);
  info = {};
  info.btf = reinterpret_cast<uintptr_t>(bytes.data());
  info.btf_size = bytes.size();
  const int read = Describe(opened, &info);
  if (read < 0) return read;
  return bytes;
}

Napi::Value BtfById(const Napi::CallbackInfo& info) {
  uint32_t id = 0;
  if (!Read(info[0], &id)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [id](bool) { return Fetch(bpf_btf_get_fd_by_id(id)); });
}

// (descriptor): the caller keeps its own.
Napi::Value BtfByFd(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  if (!Read(info[0], &fd)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [fd](bool) { return Fetch(fcntl(fd, F_DUPFD_CLOEXEC, 0)); });
}

Napi::Value NameOf(const Napi::CallbackInfo& info, int fd) {
  char name[64] = "";
  bpf_btf_info about = {};
  about.name = reinterpret_cast<uintptr_t>(name);
  about.name_len = sizeof(name);
  const int status = fd < 0 ? fd : Describe(fd, &about);
  if (status < 0) return Napi::Number::New(info.Env(), status);
  return Napi::String::New(info.Env(), name);
}

// `vmlinux` or a module's name (btf_get_info_by_fd() in kernel/bpf/btf.c). Types that a program brought
// have none.
Napi::Value BtfName(const Napi::CallbackInfo& info) {
  uint32_t id = 0;
  const int fd = Read(info[0], &id) ? bpf_btf_get_fd_by_id(id) : -EINVAL;
  const ClosableDescriptor closing(fd);
  return NameOf(info, fd);
}

Napi::Value BtfNameOfFd(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  return NameOf(info, !Read(info[0], &fd) ? -EINVAL : fd < 0 ? -EBADF : fd);
}

}  // namespace

void RegisterBtf(Napi::Object exports) {
  ExportJob(exports, "btfDump", BtfDump);
  ExportJob(exports, "btfById", BtfById);
  ExportJob(exports, "btfByFd", BtfByFd);
  ExportCall(exports, "btfName", BtfName);
  ExportCall(exports, "btfNameOfFd", BtfNameOfFd);
}
