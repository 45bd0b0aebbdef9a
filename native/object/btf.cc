// btf_dump: kernel types as C; BTF that the kernel holds, by its id. All other work on BTF is TypeScript's.
#include <bpf.h>
#include <btf.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <memory>

#include "../core/addon.h"
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

// A descriptor that is closed at the end of the block.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

int Describe(uint32_t id, bpf_btf_info* info) {
  const Descriptor fd(bpf_btf_get_fd_by_id(id));
  if (fd.get() < 0) return fd.get();
  uint32_t size = sizeof(*info);
  return bpf_btf_get_info_by_fd(fd.get(), info, &size);
}

Reply Fetch(uint32_t id) {
  bpf_btf_info info = {};
  const int status = Describe(id, &info);
  if (status < 0) return status;
  std::vector<uint8_t> bytes(info.btf_size);
  info = {};
  info.btf = reinterpret_cast<uintptr_t>(bytes.data());
  info.btf_size = bytes.size();
  const int read = Describe(id, &info);
  if (read < 0) return read;
  return bytes;
}

Napi::Value BtfById(const Napi::CallbackInfo& info) {
  uint32_t id = 0;
  if (!Read(info[0], &id)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [id](bool) { return Fetch(id); });
}

// The kernel's own: vmlinux or a module's name. Types that a program brought have none.
Napi::Value BtfName(const Napi::CallbackInfo& info) {
  uint32_t id = 0;
  char name[64] = "";
  bpf_btf_info about = {};
  about.name = reinterpret_cast<uintptr_t>(name);
  about.name_len = sizeof(name);
  const int status = Read(info[0], &id) ? Describe(id, &about) : -EINVAL;
  if (status < 0) return Napi::Number::New(info.Env(), status);
  return Napi::String::New(info.Env(), name);
}

Napi::Value BtfNextId(const Napi::CallbackInfo& info) {
  uint32_t id = 0;
  if (!Read(info[0], &id)) return Napi::Number::New(info.Env(), -EINVAL);
  const int status = bpf_btf_get_next_id(id, &id);
  return Napi::Number::New(info.Env(), status < 0 ? status : static_cast<double>(id));
}

}  // namespace

void RegisterBtf(Napi::Object exports) {
  ExportJob(exports, "btfDump", BtfDump);
  ExportJob(exports, "btfById", BtfById);
  ExportCall(exports, "btfName", BtfName);
  ExportCall(exports, "btfNextId", BtfNextId);
}
