// Attaching to functions and tracepoints of the kernel, and to what BTF names. Arguments in libbpf's order.
#include <bpf.h>

#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/values.h"
#include "attach.h"

namespace {

// (program, function, offset, retprobe, cookie, mode)
Napi::Value AttachKprobe(const Napi::CallbackInfo& info) {
  std::string function;
  auto options = Options<bpf_kprobe_opts>();
  uint64_t offset = 0, cookie = 0;
  uint32_t mode = 0;
  if (!ReadFrom(info, 1, &function, &offset, &options.retprobe, &cookie, &mode)) return InvalidAttach(info);
  if (mode > PROBE_ATTACH_MODE_LINK) return InvalidAttach(info);
  options.offset = offset;
  options.bpf_cookie = cookie;
  options.attach_mode = static_cast<probe_attach_mode>(mode);
  return AttachWith(info, [=](bpf_program* program) {
    return bpf_program__attach_kprobe_opts(program, function.c_str(), &options);
  });
}

// (program, pattern or null, symbols, addresses, cookies, retprobe, session, unique)
Napi::Value AttachKprobeMulti(const Napi::CallbackInfo& info) {
  std::optional<std::string> pattern;
  std::vector<std::string> symbols;
  std::vector<uint64_t> addresses, cookies;
  auto options = Options<bpf_kprobe_multi_opts>();
  if (!ReadFrom(info, 1, &pattern, &symbols, &addresses, &cookies, &options.retprobe, &options.session,
                &options.unique_match)) {
    return InvalidAttach(info);
  }
  const size_t count = symbols.empty() ? addresses.size() : symbols.size();
  if (!ListFits(symbols, count) || !ListFits(addresses, count) || !ListFits(cookies, count)) {
    return InvalidAttach(info);
  }
  return AttachWith(
      info,
      [=](bpf_program* program) {
        auto names = Pointers(symbols);
        auto filled = options;
        filled.syms = names.empty() ? nullptr : names.data();
        filled.addrs = ListData(addresses);
        filled.cookies = reinterpret_cast<const __u64*>(ListData(cookies));
        filled.cnt = count;
        return bpf_program__attach_kprobe_multi_opts(program, Text(pattern), &filled);
      },
      [=](const Attachee& program) {
        if (pattern) return -EOPNOTSUPP;
        auto names = Pointers(symbols);
        auto created = Options<bpf_link_create_opts>();
        created.kprobe_multi.flags = options.retprobe ? BPF_F_KPROBE_MULTI_RETURN : 0;
        created.kprobe_multi.cnt = count;
        created.kprobe_multi.syms = names.empty() ? nullptr : names.data();
        created.kprobe_multi.addrs = ListData(addresses);
        created.kprobe_multi.cookies = reinterpret_cast<const __u64*>(ListData(cookies));
        return bpf_link_create(program.fd, 0, program.type, &created);
      });
}

// (program, syscall, retprobe, cookie)
Napi::Value AttachKsyscall(const Napi::CallbackInfo& info) {
  std::string name;
  uint64_t cookie = 0;
  auto options = Options<bpf_ksyscall_opts>();
  if (!ReadFrom(info, 1, &name, &options.retprobe, &cookie)) return InvalidAttach(info);
  options.bpf_cookie = cookie;
  return AttachWith(info, [=](bpf_program* program) {
    return bpf_program__attach_ksyscall(program, name.c_str(), &options);
  });
}

// (program, category, name, cookie)
Napi::Value AttachTracepoint(const Napi::CallbackInfo& info) {
  std::string category, name;
  uint64_t cookie = 0;
  if (!ReadFrom(info, 1, &category, &name, &cookie)) return InvalidAttach(info);
  auto options = Options<bpf_tracepoint_opts>();
  options.bpf_cookie = cookie;
  return AttachWith(info, [=](bpf_program* program) {
    return bpf_program__attach_tracepoint_opts(program, category.c_str(), name.c_str(), &options);
  });
}

// (program, name, cookie)
Napi::Value AttachRawTracepoint(const Napi::CallbackInfo& info) {
  std::string name;
  uint64_t cookie = 0;
  if (!ReadFrom(info, 1, &name, &cookie)) return InvalidAttach(info);
  return AttachWith(
      info,
      [=](bpf_program* program) {
        auto options = Options<bpf_raw_tracepoint_opts>();
        options.cookie = cookie;
        return bpf_program__attach_raw_tracepoint_opts(program, name.c_str(), &options);
      },
      [=](const Attachee& program) {
        auto options = Options<bpf_raw_tp_opts>();
        options.tp_name = name.c_str();
        options.cookie = cookie;
        return bpf_raw_tracepoint_open_opts(program.fd, &options);
      });
}

// tp_btf, fentry, fexit, fmod_ret, fsession, lsm: the target was settled by load. (program, cookie)
Napi::Value AttachTrace(const Napi::CallbackInfo& info) {
  uint64_t cookie = 0;
  if (!ReadFrom(info, 1, &cookie)) return InvalidAttach(info);
  auto options = Options<bpf_trace_opts>();
  options.cookie = cookie;
  return AttachWith(
      info, [=](bpf_program* program) { return bpf_program__attach_trace_opts(program, &options); },
      [=](const Attachee& program) {
        auto created = Options<bpf_link_create_opts>();
        created.tracing.cookie = cookie;
        return bpf_link_create(program.fd, 0, program.type, &created);
      });
}

// (program, target program's descriptor, function)
Napi::Value AttachFreplace(const Napi::CallbackInfo& info) {
  int32_t target = 0;
  std::string function;
  if (!ReadFrom(info, 1, &target, &function)) return InvalidAttach(info);
  return AttachWith(info, [=](bpf_program* program) {
    return bpf_program__attach_freplace(program, target, function.c_str());
  });
}

// (program, union bpf_iter_link_info or empty)
Napi::Value AttachIter(const Napi::CallbackInfo& info) {
  std::vector<uint8_t> bytes;
  if (!ReadFrom(info, 1, &bytes) || bytes.size() > sizeof(bpf_iter_link_info)) return InvalidAttach(info);
  return AttachWith(
      info,
      [=](bpf_program* program) {
        bpf_iter_link_info target = {};
        CopyBytes(&target, bytes.data(), bytes.size());
        auto options = Options<bpf_iter_attach_opts>();
        options.link_info = bytes.empty() ? nullptr : &target;
        options.link_info_len = bytes.empty() ? 0 : sizeof(target);
        return bpf_program__attach_iter(program, &options);
      },
      [=](const Attachee& program) {
        bpf_iter_link_info target = {};
        CopyBytes(&target, bytes.data(), bytes.size());
        auto created = Options<bpf_link_create_opts>();
        created.iter_info = bytes.empty() ? nullptr : &target;
        created.iter_info_len = bytes.empty() ? 0 : sizeof(target);
        return bpf_link_create(program.fd, 0, program.type, &created);
      });
}

}  // namespace

void RegisterAttachTracing(Napi::Object exports) {
  ExportJob(exports, "programAttachKprobe", AttachKprobe);
  ExportJob(exports, "programAttachKprobeMulti", AttachKprobeMulti);
  ExportJob(exports, "programAttachKsyscall", AttachKsyscall);
  ExportJob(exports, "programAttachTracepoint", AttachTracepoint);
  ExportJob(exports, "programAttachRawTracepoint", AttachRawTracepoint);
  ExportJob(exports, "programAttachTrace", AttachTrace);
  ExportJob(exports, "programAttachFreplace", AttachFreplace);
  ExportJob(exports, "programAttachIter", AttachIter);
}
