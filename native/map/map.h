// bpf_map: one of an object's, or one that we hold by its descriptor alone.
#pragma once

#include <bpf.h>
#include <libbpf.h>
#include <utility>

#include "../core/closable_descriptor.h"
#include "../object/part.h"

// What calls on elements need to know of a map in the kernel.
struct MapView {
  int fd;  // negative where the kernel does not have the map yet
  uint32_t type;
  size_t key_size;
  size_t value_size;
  uint32_t max_entries;
  uint32_t flags;

  explicit MapView(const bpf_map* map)
      // libbpf gives a map that it did not create a descriptor of something else (create_placeholder_fd() in
      // libbpf.c).
      : fd(bpf_map__autocreate(map) ? bpf_map__fd(map) : -ENOENT),
        type(bpf_map__type(map)),
        key_size(bpf_map__key_size(map)),
        value_size(bpf_map__value_size(map)),
        max_entries(bpf_map__max_entries(map)),
        flags(bpf_map__map_flags(map)) {}
  MapView(int fd, const bpf_map_info& info)
      : fd(fd),
        type(info.type),
        key_size(info.key_size),
        value_size(info.value_size),
        max_entries(info.max_entries),
        flags(info.map_flags) {}

  // Bytes that the kernel copies for one entry: of a per-CPU map a value for each possible CPU,
  // eight-aligned (bpf_map_value_size() in kernel/bpf/syscall.c).
  size_t EntrySize() const;
};

// A map that is open without an object.
class BareMap {
 public:
  BareMap(int fd, const bpf_map_info& info) : info_(info), descriptor_(fd) {}

  const bpf_map_info& info() const { return info_; }

  int Close(bool may_wait) { return descriptor_.Close(may_wait); }

  template <class Body>
  auto Use(bool may_wait, Body body) -> decltype(body(std::declval<const MapView&>())) {
    return descriptor_.Use(may_wait, [&](int fd) { return body(MapView(fd, info_)); });
  }

 private:
  const bpf_map_info info_;
  ClosableDescriptor descriptor_;
};

struct Map : Part<bpf_map, 0x6c62706d61700000> {
  using Part::Part;
  explicit Map(std::shared_ptr<BareMap> bare) : Part(nullptr, nullptr), bare(std::move(bare)) {}

  std::shared_ptr<BareMap> bare;  // null for a map of an object; then there is no object
  // Of an arena: its mapping while somebody looks at it, and where that was. On the handle's own thread only.
  std::weak_ptr<void> arena;
  void* arena_address = nullptr;

  // Runs `body` on a map that is open, whoever holds it.
  template <class Body>
  auto Use(bool may_wait, Body body) const -> decltype(body(std::declval<const MapView&>())) {
    if (bare) return bare->Use(may_wait, body);
    return object->Use(may_wait, [&](bpf_object*) { return body(MapView(ptr)); });
  }

  // The same for what needs nothing but the descriptor of a map that the kernel has: a view asks libbpf seven
  // times.
  template <class Body>
  int UseFd(bool may_wait, Body body) const {
    if (bare) return bare->Use(may_wait, [&](const MapView& view) { return body(view.fd); });
    return object->Use(may_wait, [&](bpf_object*) { return body(bpf_map__fd(ptr)); });
  }
};

// Runs `body` on a map that is open; what it answers goes to JavaScript as a number.
template <class Body>
Napi::Value NumberOfView(const Napi::CallbackInfo& info, Body body) {
  auto map = Handle<Map>::Unwrap(info[0]);
  const auto use = [&](const MapView& view) -> int64_t { return body(view); };
  const int64_t answer = map ? map->Use(false, use) : -EINVAL;
  return Napi::Number::New(info.Env(), static_cast<double>(answer));
}
