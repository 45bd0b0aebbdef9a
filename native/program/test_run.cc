// bpf_prog_test_run_opts: a program runs on data and a context that the caller makes up.
#include <bpf.h>

#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "../core/options.h"
#include "../core/values.h"
#include "program.h"

namespace {

// Bytes that come back; a test run takes less (bpf_test_init() in net/bpf/test_run.c).
constexpr uint32_t kLimit = 1 << 26;

struct Run {
  std::vector<uint8_t> data, context;
  uint32_t data_room = 0, context_room = 0;
  uint32_t repeat = 0, flags = 0, cpu = 0, batch_size = 0;
};

// What stands before the bytes that came back.
struct Header {
  uint32_t retval, nanoseconds, data_size, context_size;
};

// A null pointer stands for nothing: bpf_prog_test_run() in kernel/bpf/syscall.c compares it with the size.
uint8_t* Start(std::vector<uint8_t>& bytes) {
  return bytes.empty() ? nullptr : bytes.data();
}

bpf_test_run_opts OptionsOf(const Run& run) {
  auto options = Options<bpf_test_run_opts>();
  options.repeat = static_cast<int>(run.repeat);
  options.flags = run.flags;
  options.cpu = run.cpu;
  options.batch_size = run.batch_size;
  return options;
}

std::vector<uint8_t> Packed(const bpf_test_run_opts& options, const uint8_t* data, const uint8_t* context) {
  const Header header = {options.retval, options.duration, options.data_size_out, options.ctx_size_out};
  std::vector<uint8_t> out(sizeof(header));
  memcpy(out.data(), &header, sizeof(header));
  if (data != nullptr) out.insert(out.end(), data, data + header.data_size);
  if (context != nullptr) out.insert(out.end(), context, context + header.context_size);
  return out;
}

// Of syscall programs the context is written back where it came from (bpf_prog_test_run_syscall() in
// net/bpf/test_run.c).
Reply RunOnce(int fd, Run run) {
  std::vector<uint8_t> data(run.data_room), context(run.context_room);
  auto options = OptionsOf(run);
  options.data_in = Start(run.data);
  options.data_size_in = run.data.size();
  options.data_out = Start(data);
  options.data_size_out = data.size();
  options.ctx_in = Start(run.context);
  options.ctx_size_in = run.context.size();
  options.ctx_out = Start(context);
  options.ctx_size_out = context.size();
  const int status = bpf_prog_test_run_opts(fd, &options);
  if (status != 0) return status;
  if (data.empty()) options.data_size_out = 0;
  if (!context.empty()) return Packed(options, Start(data), Start(context));
  options.ctx_size_out = run.context.size();
  return Packed(options, Start(data), Start(run.context));
}

// (program, data, context, room for data, room for a context, repeat, flags, cpu, batch size).
Napi::Value ProgramTestRun(const Napi::CallbackInfo& info) {
  auto program = Handle<Program>::Unwrap(info[0]);
  Run run;
  const bool read = ReadFrom(info, 1, &run.data, &run.context, &run.data_room, &run.context_room, &run.repeat,
                             &run.flags, &run.cpu, &run.batch_size);
  if (!program || !read || run.data_room > kLimit || run.context_room > kLimit || run.repeat > INT32_MAX) {
    return Perform(info, [](bool) { return -EINVAL; });
  }
  return Perform(info, [program, run = std::move(run)](bool may_wait) {
    Reply reply;
    const int status = program->UseFd(may_wait, [&](int fd) {
      reply = RunOnce(fd, run);
      return 0;
    });
    return status < 0 ? Reply(status) : reply;
  });
}

}  // namespace

void RegisterTestRun(Napi::Object exports) {
  ExportJob(exports, "programTestRun", ProgramTestRun);
}
