#include "arena.h"

#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "../core/addon.h"
#include "../core/job.h"
#include "map.h"
#include "memory.h"

namespace {

size_t LengthOf(uint32_t pages) {
  return size_t{pages} * sysconf(_SC_PAGESIZE);
}

// What an arena's variables start as before the load, the arena itself after it.
void* InitialValue(const bpf_map* map) {
  size_t size = 0;
  return bpf_map__initial_value(map, &size);
}

// No 64-bit processor gives a process addresses in the upper half.
bool IsKernelAddress(const void* address) {
  return (reinterpret_cast<uintptr_t>(address) >> 63) != 0;
}

}  // namespace

bpf_map* ArenaOf(bpf_object* object) {
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, object) {
    if (bpf_map__type(map) == BPF_MAP_TYPE_ARENA) return map;
  }
  return nullptr;
}

int LoadWithArena(bpf_object* object, size_t* offset) {
  bpf_map* arena = ArenaOf(object);
  if (arena == nullptr || InitialValue(arena) == nullptr) return bpf_object__load(object);
  // libbpf tells where the variables are to skeletons only (bpf_object__load_skeleton() in libbpf.c).
  void* variables = nullptr;
  bpf_map_skeleton map = {};
  map.map = &arena;
  map.mmaped = &variables;
  bpf_object_skeleton skeleton = {};
  skeleton.sz = sizeof(skeleton);
  skeleton.name = bpf_object__name(object);
  skeleton.obj = &object;
  skeleton.map_cnt = 1;
  skeleton.map_skel_sz = sizeof(map);
  skeleton.maps = &map;
  const int status = bpf_object__load_skeleton(&skeleton);
  if (status == 0) *offset = static_cast<uint8_t*>(variables) - static_cast<uint8_t*>(InitialValue(arena));
  return status;
}

ArenaPlace::ArenaPlace(bpf_object* object) : map_(ArenaOf(object)) {
  if (map_ == nullptr) return;
  size_t variables = 0;
  initial_ = bpf_map__initial_value(map_, &variables);
  if (initial_ != nullptr) status_ = Holding(variables);
  if (status_ == 0 && bpf_map__map_extra(map_) != 0) Take();
}

// libbpf copies the variables in without asking whether they still fit, or whether their pages may be
// touched
// (bpf_object__create_maps() in libbpf.c).
int ArenaPlace::Holding(size_t variables) const {
  if ((bpf_map__map_flags(map_) & BPF_F_SEGV_ON_FAULT) != 0) return -EFAULT;
  return variables > LengthOf(bpf_map__max_entries(map_)) ? -E2BIG : 0;
}

void ArenaPlace::Take() {
  const auto address = reinterpret_cast<void*>(bpf_map__map_extra(map_));
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  taken_ = mmap(address, LengthOf(bpf_map__max_entries(map_)), PROT_NONE, kFlags, -1, 0);
  if (taken_ != MAP_FAILED) return;
  taken_ = nullptr;
  // What the kernel says of an address of its own depends on the kind of mapping: to libbpf's it says EFAULT.
  status_ = IsKernelAddress(address) ? -EFAULT : -errno;
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

// (map): how far behind its start the object's variables lie.
Napi::Value ArenaDataOffset(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  const auto offset = [&](bpf_map* ptr) -> int64_t {
    return bpf_map__type(ptr) == BPF_MAP_TYPE_ARENA ? map->object->arena_data_offset() : -EINVAL;
  };
  return NumberOf<Map>(info, offset);
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
  ExportCall(exports, "arenaDataOffset", ArenaDataOffset);
}
