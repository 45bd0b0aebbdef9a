// btf_dump: kernel types as C. All other work on BTF is TypeScript's.
#include <btf.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <memory>

#include "addon.h"
#include "job.h"
#include "values.h"

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
  if (!Read(info[0], &bytes)) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [bytes = std::move(bytes)](bool) { return Dump(bytes); });
}

}  // namespace

void RegisterBtf(Napi::Object exports) {
  ExportJob(exports, "btfDump", BtfDump);
}
