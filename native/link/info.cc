// bpf_link_info, with the names and lists that are copied to memory of the caller
// (bpf_link_get_info_by_fd() in kernel/bpf/syscall.c).
#include <bpf.h>
#include <linux/limits.h>

#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/handle.h"
#include "../core/job.h"
#include "link.h"

namespace {

// The struct, and where its pointers point.
struct Info {
  bpf_link_info info = {};
  char text[PATH_MAX] = {};
  std::vector<uint64_t> places, counters, cookies;

  int Query(int fd) {
    uint32_t length = sizeof(info);
    return bpf_link_get_info_by_fd(fd, &info, &length) == 0 ? 0 : -errno;
  }
};

template <class T>
uint64_t Pointer(T* memory) {
  return reinterpret_cast<uintptr_t>(memory);
}

uint64_t List(std::vector<uint64_t>* list, uint32_t count) {
  list->resize(count);
  return count == 0 ? 0 : Pointer(list->data());
}

// Offers memory for what the first query said there is; false where there is nothing more to ask.
bool OfferMemory(Info* all) {
  bpf_link_info& info = all->info;
  const auto text = Pointer(all->text);
  switch (info.type) {
    case BPF_LINK_TYPE_RAW_TRACEPOINT:
      info.raw_tracepoint.tp_name = text;
      info.raw_tracepoint.tp_name_len = PATH_MAX;
      return true;
    case BPF_LINK_TYPE_ITER:
      info.iter.target_name = text;
      info.iter.target_name_len = PATH_MAX;
      return true;
    case BPF_LINK_TYPE_KPROBE_MULTI:
      info.kprobe_multi.addrs = List(&all->places, info.kprobe_multi.count);
      info.kprobe_multi.cookies = List(&all->cookies, info.kprobe_multi.count);
      return true;
    case BPF_LINK_TYPE_UPROBE_MULTI:
      info.uprobe_multi.path = text;
      info.uprobe_multi.path_size = PATH_MAX;
      info.uprobe_multi.offsets = List(&all->places, info.uprobe_multi.count);
      info.uprobe_multi.ref_ctr_offsets = List(&all->counters, info.uprobe_multi.count);
      info.uprobe_multi.cookies = List(&all->cookies, info.uprobe_multi.count);
      return true;
    case BPF_LINK_TYPE_PERF_EVENT:
      if (info.perf_event.type == BPF_PERF_EVENT_EVENT) return false;
      info.perf_event.uprobe.file_name = text;  // in the same place for kprobes and tracepoints
      info.perf_event.uprobe.name_len = PATH_MAX;
      return true;
    default:
      return false;
  }
}

int Fill(int fd, Info* all) {
  const int status = all->Query(fd);
  return status == 0 && OfferMemory(all) ? all->Query(fd) : status;
}

Napi::Value ToList(Napi::Env env, const std::vector<uint64_t>& list) {
  auto array = Napi::BigUint64Array::New(env, list.size());
  if (!list.empty()) memcpy(array.Data(), list.data(), list.size() * sizeof(uint64_t));
  return array;
}

// [struct bpf_link_info, text, places, reference counters, cookies]
Napi::Value LinkInfo(const Napi::CallbackInfo& info) {
  auto link = Handle<Link>::Unwrap(info[0]);
  Info all;
  const int fd = link ? link->Fd() : -EINVAL;
  const int status = fd < 0 ? fd : Fill(fd, &all);
  if (status != 0) return Napi::Number::New(info.Env(), status);
  const auto* bytes = reinterpret_cast<const uint8_t*>(&all.info);
  auto answer = Napi::Array::New(info.Env(), 5);
  answer.Set(0u, Napi::Buffer<uint8_t>::Copy(info.Env(), bytes, sizeof(all.info)));
  answer.Set(1u, Napi::String::New(info.Env(), all.text));
  answer.Set(2u, ToList(info.Env(), all.places));
  answer.Set(3u, ToList(info.Env(), all.counters));
  answer.Set(4u, ToList(info.Env(), all.cookies));
  return answer;
}

}  // namespace

void RegisterLinkInfo(Napi::Object exports) {
  ExportCall(exports, "linkInfo", LinkInfo);
}
