// What the kernel can do, found out by trying.
#include <libbpf.h>

#include "addon.h"
#include "job.h"
#include "values.h"

namespace {

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

// (program type): 1 or 0.
Napi::Value ProbeProgType(const Napi::CallbackInfo& info) {
  uint32_t type = 0;
  if (!ReadFrom(info, 0, &type)) return Invalid(info);
  return Perform(info,
                 [=](bool) { return libbpf_probe_bpf_prog_type(static_cast<bpf_prog_type>(type), nullptr); });
}

// (map type): 1 or 0.
Napi::Value ProbeMapType(const Napi::CallbackInfo& info) {
  uint32_t type = 0;
  if (!ReadFrom(info, 0, &type)) return Invalid(info);
  return Perform(info,
                 [=](bool) { return libbpf_probe_bpf_map_type(static_cast<bpf_map_type>(type), nullptr); });
}

// (program type, helper): 1 or 0.
Napi::Value ProbeHelper(const Napi::CallbackInfo& info) {
  uint32_t type = 0, helper = 0;
  if (!ReadFrom(info, 0, &type, &helper)) return Invalid(info);
  return Perform(info, [=](bool) {
    return libbpf_probe_bpf_helper(static_cast<bpf_prog_type>(type), static_cast<bpf_func_id>(helper),
                                   nullptr);
  });
}

}  // namespace

void RegisterProbe(Napi::Object exports) {
  ExportJob(exports, "probeProgType", ProbeProgType);
  ExportJob(exports, "probeMapType", ProbeMapType);
  ExportJob(exports, "probeHelper", ProbeHelper);
}
