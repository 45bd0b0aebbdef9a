// bpf_linker: several objects into one; debug sections are left behind, so one object into one is a strip.
#include <libbpf.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/values.h"

namespace {

using Objects = std::vector<std::vector<uint8_t>>;

// A file that is memory only (memfd_create(2)); bpf_linker__new_fd() in linker.c writes to a descriptor.
class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("libbpf-ts", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (fd_ >= 0) close(fd_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int fd() const { return fd_; }

  // An alignment that a file asks for may leave a hole that no memory could be as large as.
  static constexpr off_t kLargest = off_t{1} << 30;

  Reply Contents() const {
    struct stat status = {};
    if (fstat(fd_, &status) != 0) return -errno;
    if (status.st_size > kLargest) return -EFBIG;
    std::vector<uint8_t> bytes(status.st_size);
    const ssize_t read = pread(fd_, bytes.data(), bytes.size(), 0);
    if (read != status.st_size) return read < 0 ? -errno : -EIO;
    return bytes;
  }

 private:
  int fd_;
};

int LinkInto(int fd, Objects& objects) {
  std::unique_ptr<bpf_linker, decltype(&bpf_linker__free)> linker(bpf_linker__new_fd(fd, nullptr),
                                                                  bpf_linker__free);
  if (!linker) return -errno;
  for (auto& object : objects) {
    const int status = bpf_linker__add_buf(linker.get(), object.data(), object.size(), nullptr);
    if (status != 0) return status;
  }
  return bpf_linker__finalize(linker.get());
}

Reply Merge(Objects& objects) {
  const MemoryFile file;
  if (file.fd() < 0) return -errno;
  const int status = LinkInto(file.fd(), objects);
  if (status != 0) return status;
  return file.Contents();
}

bool ReadObjects(Napi::Value value, Objects* out) {
  if (!value.IsArray()) return false;
  auto array = value.As<Napi::Array>();
  for (uint32_t index = 0; index < array.Length(); index++) {
    Napi::Value item = array.Get(index);
    if (item.IsEmpty() || !Read(item, &out->emplace_back())) return false;
  }
  return !out->empty();
}

Napi::Value LinkerLink(const Napi::CallbackInfo& info) {
  auto objects = std::make_shared<Objects>();
  if (!ReadObjects(info[0], objects.get())) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [objects](bool) { return Merge(*objects); });
}

}  // namespace

void RegisterLinker(Napi::Object exports) {
  ExportJob(exports, "linkerLink", LinkerLink);
}
