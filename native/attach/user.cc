// Attaching to functions and probes of user programs. Arguments in libbpf's order.
#include <bpf.h>
#include <unistd.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/values.h"
#include "attach.h"

namespace {

// (program, pid, path, function or null, offset, ref_ctr_offset, retprobe, cookie, mode)
Napi::Value AttachUprobe(const Napi::CallbackInfo& info) {
  int32_t pid = 0;
  std::string path;
  std::optional<std::string> function;
  uint64_t offset = 0, ref_ctr_offset = 0, cookie = 0;
  uint32_t mode = 0;
  auto options = Options<bpf_uprobe_opts>();
  if (!ReadFrom(info, 1, &pid, &path, &function, &offset, &ref_ctr_offset, &options.retprobe, &cookie,
                &mode)) {
    return InvalidAttach(info);
  }
  if (mode > PROBE_ATTACH_MODE_LINK) return InvalidAttach(info);
  options.ref_ctr_offset = ref_ctr_offset;
  options.bpf_cookie = cookie;
  options.attach_mode = static_cast<probe_attach_mode>(mode);
  return AttachWith(info, [=](bpf_program* program) {
    auto filled = options;
    filled.func_name = Text(function);
    return bpf_program__attach_uprobe_opts(program, pid, path.c_str(), offset, &filled);
  });
}

// (program, pid, path, pattern or null, symbols, offsets, ref_ctr_offsets, cookies, retprobe, session)
Napi::Value AttachUprobeMulti(const Napi::CallbackInfo& info) {
  int32_t pid = 0;
  std::string path;
  std::optional<std::string> pattern;
  std::vector<std::string> symbols;
  std::vector<uint64_t> offsets, ref_ctr_offsets, cookies;
  auto options = Options<bpf_uprobe_multi_opts>();
  if (!ReadFrom(info, 1, &pid, &path, &pattern, &symbols, &offsets, &ref_ctr_offsets, &cookies,
                &options.retprobe, &options.session)) {
    return InvalidAttach(info);
  }
  const size_t count = symbols.empty() ? offsets.size() : symbols.size();
  if (!ListFits(symbols, count) || !ListFits(offsets, count) || !ListFits(cookies, count) ||
      !ListFits(ref_ctr_offsets, count)) {
    return InvalidAttach(info);
  }
  return AttachWith(
      info,
      [=](bpf_program* program) {
        auto names = Pointers(symbols);
        auto filled = options;
        filled.syms = names.empty() ? nullptr : names.data();
        filled.offsets = ListData(offsets);
        filled.ref_ctr_offsets = ListData(ref_ctr_offsets);
        filled.cookies = reinterpret_cast<const __u64*>(ListData(cookies));
        filled.cnt = count;
        return bpf_program__attach_uprobe_multi(program, pid, path.c_str(), Text(pattern), &filled);
      },
      [=](const Attachee& program) {
        if (pattern || !symbols.empty()) return -EOPNOTSUPP;
        auto created = Options<bpf_link_create_opts>();
        created.uprobe_multi.flags = options.retprobe ? BPF_F_UPROBE_MULTI_RETURN : 0;
        created.uprobe_multi.cnt = count;
        created.uprobe_multi.path = path.c_str();
        created.uprobe_multi.offsets = ListData(offsets);
        created.uprobe_multi.ref_ctr_offsets = ListData(ref_ctr_offsets);
        created.uprobe_multi.cookies = reinterpret_cast<const __u64*>(ListData(cookies));
        // 0 is every process there, and this one where libbpf is called (bpf_program__attach_uprobe_multi()
        // in libbpf.c).
        created.uprobe_multi.pid = pid < 0 ? 0 : pid == 0 ? getpid() : pid;
        return bpf_link_create(program.fd, 0, program.type, &created);
      });
}

// (program, pid, path, provider, name, cookie)
Napi::Value AttachUsdt(const Napi::CallbackInfo& info) {
  int32_t pid = 0;
  std::string path, provider, name;
  uint64_t cookie = 0;
  if (!ReadFrom(info, 1, &pid, &path, &provider, &name, &cookie)) return InvalidAttach(info);
  auto options = Options<bpf_usdt_opts>();
  options.usdt_cookie = cookie;
  return AttachWith(info, [=](bpf_program* program) {
    return bpf_program__attach_usdt(program, pid, path.c_str(), provider.c_str(), name.c_str(), &options);
  });
}

}  // namespace

void RegisterAttachUser(Napi::Object exports) {
  ExportJob(exports, "programAttachUprobe", AttachUprobe);
  ExportJob(exports, "programAttachUprobeMulti", AttachUprobeMulti);
  ExportJob(exports, "programAttachUsdt", AttachUsdt);
}
