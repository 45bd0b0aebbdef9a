// Locks of files and folders: theirs who hold the descriptor, and gone with them.
#include <sys/file.h>

#include <cerrno>

#include "addon.h"
#include "job.h"
#include "values.h"

namespace {

// Without waiting: -EAGAIN where another process or call has it (flock(2)). (descriptor)
Napi::Value FileLock(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  if (!Read(info[0], &fd)) return Napi::Number::New(info.Env(), -EINVAL);
  return Napi::Number::New(info.Env(), flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : -errno);
}

}  // namespace

void RegisterLock(Napi::Object exports) {
  ExportCall(exports, "fileLock", FileLock);
}
