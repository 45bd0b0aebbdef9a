// Attaching to kernel functions, user functions, tracepoints and perf events. Arguments in libbpf's order.
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "addon.h"
#include "attach.h"
#include "job.h"
#include "values.h"

namespace {

const char* Text(const std::optional<std::string>& text) {
  return text ? text->c_str() : nullptr;
}

std::vector<const char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const auto& text : texts) pointers.push_back(text.c_str());
  return pointers;
}

// An empty list is absent; one that is there has as many entries as there are probes.
template <class T>
bool ListFits(const std::vector<T>& list, size_t count) {
  return list.empty() || list.size() == count;
}

const uint64_t* ListData(const std::vector<uint64_t>& list) {
  return list.empty() ? nullptr : list.data();
}

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
  return AttachWith(info, [=](bpf_program* program) {
    auto names = Pointers(symbols);
    auto filled = options;
    filled.syms = names.empty() ? nullptr : names.data();
    filled.addrs = ListData(addresses);
    filled.cookies = reinterpret_cast<const __u64*>(ListData(cookies));
    filled.cnt = count;
    return bpf_program__attach_kprobe_multi_opts(program, Text(pattern), &filled);
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
  return AttachWith(info, [=](bpf_program* program) {
    auto names = Pointers(symbols);
    auto filled = options;
    filled.syms = names.empty() ? nullptr : names.data();
    filled.offsets = ListData(offsets);
    filled.ref_ctr_offsets = ListData(ref_ctr_offsets);
    filled.cookies = reinterpret_cast<const __u64*>(ListData(cookies));
    filled.cnt = count;
    return bpf_program__attach_uprobe_multi(program, pid, path.c_str(), Text(pattern), &filled);
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
  return AttachWith(info, [=](bpf_program* program) {
    auto options = Options<bpf_raw_tracepoint_opts>();
    options.cookie = cookie;
    return bpf_program__attach_raw_tracepoint_opts(program, name.c_str(), &options);
  });
}

// tp_btf, fentry, fexit, fmod_ret, fsession, lsm: the target was settled by load. (program, cookie)
Napi::Value AttachTrace(const Napi::CallbackInfo& info) {
  uint64_t cookie = 0;
  if (!ReadFrom(info, 1, &cookie)) return InvalidAttach(info);
  auto options = Options<bpf_trace_opts>();
  options.cookie = cookie;
  return AttachWith(info,
                    [=](bpf_program* program) { return bpf_program__attach_trace_opts(program, &options); });
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
  return AttachWith(info, [=](bpf_program* program) {
    bpf_iter_link_info target = {};
    memcpy(&target, bytes.data(), bytes.size());
    auto options = Options<bpf_iter_attach_opts>();
    options.link_info = bytes.empty() ? nullptr : &target;
    options.link_info_len = bytes.empty() ? 0 : sizeof(target);
    return bpf_program__attach_iter(program, &options);
  });
}

bpf_link* AttachToEvent(bpf_program* program, const perf_event_attr& attr, int pid, int cpu,
                        uint64_t cookie) {
  const auto fd = static_cast<int>(syscall(SYS_perf_event_open, &attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC));
  if (fd < 0) return nullptr;
  auto options = Options<bpf_perf_event_opts>();
  options.bpf_cookie = cookie;
  bpf_link* link = bpf_program__attach_perf_event_opts(program, fd, &options);
  if (link != nullptr) return link;  // which owns the event
  const int error = errno;
  close(fd);
  errno = error;
  return nullptr;
}

// Opens the event too. (program, struct perf_event_attr, pid, cpu, cookie)
Napi::Value AttachPerfEvent(const Napi::CallbackInfo& info) {
  std::vector<uint8_t> bytes;
  int32_t pid = 0, cpu = 0;
  uint64_t cookie = 0;
  perf_event_attr attr = {};
  if (!ReadFrom(info, 1, &bytes, &pid, &cpu, &cookie) || bytes.size() > sizeof(attr))
    return InvalidAttach(info);
  memcpy(&attr, bytes.data(), bytes.size());
  attr.size = sizeof(attr);
  return AttachWith(info,
                    [=](bpf_program* program) { return AttachToEvent(program, attr, pid, cpu, cookie); });
}

}  // namespace

void RegisterAttachTracing(Napi::Object exports) {
  ExportJob(exports, "programAttachKprobe", AttachKprobe);
  ExportJob(exports, "programAttachKprobeMulti", AttachKprobeMulti);
  ExportJob(exports, "programAttachKsyscall", AttachKsyscall);
  ExportJob(exports, "programAttachUprobe", AttachUprobe);
  ExportJob(exports, "programAttachUprobeMulti", AttachUprobeMulti);
  ExportJob(exports, "programAttachUsdt", AttachUsdt);
  ExportJob(exports, "programAttachTracepoint", AttachTracepoint);
  ExportJob(exports, "programAttachRawTracepoint", AttachRawTracepoint);
  ExportJob(exports, "programAttachTrace", AttachTrace);
  ExportJob(exports, "programAttachFreplace", AttachFreplace);
  ExportJob(exports, "programAttachIter", AttachIter);
  ExportJob(exports, "programAttachPerfEvent", AttachPerfEvent);
}
