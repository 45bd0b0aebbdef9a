// The clocks of clock_gettime(2), of which Node shows two: with all of them stamps of BPF programs become
// dates.
#include <time.h>

#include <cerrno>

#include "addon.h"
#include "job.h"
#include "values.h"

namespace {

constexpr int64_t kSecond = 1000000000;

// In nanoseconds. (clockid_t)
Napi::Value ClockGettime(const Napi::CallbackInfo& info) {
  int32_t clock = 0;
  timespec now = {};
  if (!Read(info[0], &clock)) return Napi::Number::New(info.Env(), -EINVAL);
  if (clock_gettime(clock, &now) != 0) return Napi::Number::New(info.Env(), -errno);
  return Napi::BigInt::New(info.Env(), static_cast<int64_t>(now.tv_sec) * kSecond + now.tv_nsec);
}

}  // namespace

void RegisterClock(Napi::Object exports) {
  ExportCall(exports, "clockGettime", ClockGettime);
}
