#include "arena.h"

#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "addon.h"
#include "job.h"
#include "map.h"
#include "memory.h"

namespace {

size_t LengthOf(uint32_t pages) {
  return size_t{pages} * sysconf(_SC_PAGESIZE);
}

void* InitialValue(const bpf_map* map) {
  size_t size = 0;
  return bpf_map__initial_value(map, &size);
}

}  // namespace

ArenaPlace::ArenaPlace(bpf_object* object) {
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, object) {
    if (bpf_map__type(map) == BPF_MAP_TYPE_ARENA) map_ = map;
  }
  if (map_ == nullptr) return;
  initial_ = InitialValue(map_);
  const auto address = reinterpret_cast<void*>(bpf_map__map_extra(map_));
  if (address == nullptr) return;
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  taken_ = mmap(address, LengthOf(bpf_map__max_entries(map_)), PROT_NONE, kFlags, -1, 0);
  if (taken_ != MAP_FAILED) return;
  taken_ = nullptr;
  status_ = -errno;
}

ArenaPlace::~ArenaPlace() {
  if (taken_ != nullptr && Mapped() != taken_) munmap(taken_, LengthOf(bpf_map__max_entries(map_)));
}

void* ArenaPlace::Mapped() const {
  void* value = map_ == nullptr ? nullptr : InitialValue(map_);
  return value == initial_ ? nullptr : value;
}

namespace {

// Where the arena is to lie; null for anywhere.
void* AddressOf(const Map& map) {
  if (map.arena_address != nullptr) return map.arena_address;
  return reinterpret_cast<void*>(map.bare ? map.bare->info().map_extra : bpf_map__map_extra(map.ptr));
}

// Maps the arena, or finds the mapping there is: an arena lies at one address for as long as it lives.
int FindArena(Map& map, const MapView& view, std::shared_ptr<void>* memory) {
  if (view.type != BPF_MAP_TYPE_ARENA) return -EINVAL;
  if (view.fd < 0) return -EBADF;
  // Such an arena ends the process that reads a page before a program has allocated it.
  if ((view.flags & BPF_F_SEGV_ON_FAULT) != 0) return -EFAULT;
  *memory = map.arena.lock();
  if (!*memory && map.object) *memory = map.object->arena();
  if (!*memory) *memory = MapShared(view.fd, AddressOf(map), LengthOf(view.max_entries));
  if (!*memory) return -errno;
  map.arena = *memory;
  map.arena_address = memory->get();
  return 0;
}

// (map): all of it, writable. Whoever gets the buffer must not pass it on.
Napi::Value ArenaMmap(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  std::shared_ptr<void> memory;
  size_t length = 0;
  const auto find = [&](const MapView& view) {
    length = LengthOf(view.max_entries);
    return FindArena(*map, view, &memory);
  };
  const int status = map ? map->Use(false, find) : -EINVAL;
  if (status != 0) return Napi::Number::New(info.Env(), status);
  return ToArrayBuffer(info.Env(), std::move(memory), length);
}

// (map): where it lies in this process.
Napi::Value ArenaAddress(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  std::shared_ptr<void> memory;
  const auto find = [&](const MapView& view) { return FindArena(*map, view, &memory); };
  const int status = map ? map->Use(false, find) : -EINVAL;
  if (status != 0) return Napi::Number::New(info.Env(), status);
  return Napi::BigInt::New(info.Env(), uint64_t{reinterpret_cast<uintptr_t>(memory.get())});
}

// (map): bytes of all its pages.
Napi::Value ArenaSize(const Napi::CallbackInfo& info) {
  return NumberOfView(info, [](const MapView& view) { return LengthOf(view.max_entries); });
}

}  // namespace

void RegisterArena(Napi::Object exports) {
  ExportCall(exports, "arenaMmap", ArenaMmap);
  ExportCall(exports, "arenaAddress", ArenaAddress);
  ExportCall(exports, "arenaSize", ArenaSize);
}
