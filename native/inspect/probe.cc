// Features of the kernel, found out by trying.
#include <bpf.h>
#include <libbpf.h>
#include <unistd.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/options.h"
#include "../core/values.h"

namespace {

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

// libbpf answers 0 or 1 also where a shortage kept it from trying (libbpf_probe_bpf_helper() in
// libbpf_probes.c).
template <class Probe>
int Answer(Probe probe) {
  errno = 0;
  const int answer = probe();
  return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -errno : answer;
}

// (program type): 1 or 0.
Napi::Value ProbeProgType(const Napi::CallbackInfo& info) {
  bpf_prog_type type = BPF_PROG_TYPE_UNSPEC;
  if (!Read(info[0], &type)) return Invalid(info);
  const auto probe = [=] { return libbpf_probe_bpf_prog_type(type, nullptr); };
  return Perform(info, [=](bool) { return Answer(probe); });
}

// (map type): 1 or 0.
Napi::Value ProbeMapType(const Napi::CallbackInfo& info) {
  bpf_map_type type = BPF_MAP_TYPE_UNSPEC;
  if (!Read(info[0], &type)) return Invalid(info);
  const auto probe = [=] { return libbpf_probe_bpf_map_type(type, nullptr); };
  return Perform(info, [=](bool) { return Answer(probe); });
}

// (program type, helper): 1 or 0.
Napi::Value ProbeHelper(const Napi::CallbackInfo& info) {
  bpf_prog_type type = BPF_PROG_TYPE_UNSPEC;
  bpf_func_id helper = BPF_FUNC_unspec;
  if (!ReadFrom(info, 0, &type, &helper)) return Invalid(info);
  const auto probe = [=] { return libbpf_probe_bpf_helper(type, helper, nullptr); };
  return Perform(info, [=](bool) { return Answer(probe); });
}

// (program type, instructions, flags, attach type, token or 0): whether the program loads; it is closed at
// once: 0 or an errno.
Napi::Value ProbeInstructions(const Napi::CallbackInfo& info) {
  bpf_prog_type type = BPF_PROG_TYPE_UNSPEC;
  bpf_attach_type attach_type = BPF_CGROUP_INET_INGRESS;
  uint32_t flags = 0;
  int32_t token = 0;
  std::vector<uint8_t> code;
  if (!ReadFrom(info, 0, &type, &code, &flags, &attach_type, &token) || token < 0 || code.empty() ||
      code.size() % sizeof(bpf_insn) != 0)
    return Invalid(info);
  return Perform(info, [=](bool) {
    auto options = Options<bpf_prog_load_opts>();
    options.prog_flags = token == 0 ? flags : flags | BPF_F_TOKEN_FD;
    options.expected_attach_type = attach_type;
    options.token_fd = token;
    const auto* instructions = reinterpret_cast<const bpf_insn*>(code.data());
    const int fd =
        bpf_prog_load(type, "probe", "GPL", instructions, code.size() / sizeof(bpf_insn), &options);
    return fd < 0 ? -errno : close(fd);
  });
}

// (descriptor of a BPF file system): a descriptor that is the caller's to close.
Napi::Value TokenCreate(const Napi::CallbackInfo& info) {
  int32_t files = 0;
  if (!ReadFrom(info, 0, &files)) return Invalid(info);
  return Perform(info, [=](bool) {
    const int fd = bpf_token_create(files, nullptr);
    return fd < 0 ? -errno : fd;
  });
}

}  // namespace

void RegisterProbe(Napi::Object exports) {
  ExportJob(exports, "probeProgType", ProbeProgType);
  ExportJob(exports, "probeMapType", ProbeMapType);
  ExportJob(exports, "probeHelper", ProbeHelper);
  ExportJob(exports, "probeInstructions", ProbeInstructions);
  ExportJob(exports, "tokenCreate", TokenCreate);
}
