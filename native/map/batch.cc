// Many elements of given keys at a time.
#include <bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/options.h"
#include "../core/values.h"
#include "map.h"

namespace {

using Buffer = std::vector<uint8_t>;

// What was done before it ended, and why it ended: int32 status, uint32 count, and what was read.
Buffer Answer(int32_t status, uint32_t count, const Buffer& rest = {}) {
  Buffer answer(sizeof(status) + sizeof(count) + rest.size());
  memcpy(answer.data(), &status, sizeof(status));
  memcpy(answer.data() + sizeof(status), &count, sizeof(count));
  std::copy(rest.begin(), rest.end(), answer.begin() + sizeof(status) + sizeof(count));
  return answer;
}

// Runs `body` with how many keys there are; it answers an Answer.
template <class Body>
Reply WithKeys(const std::shared_ptr<Map>& map, const Buffer& keys, bool may_wait, Body body) {
  Buffer answer;
  const int status = map->Use(may_wait, [&](const MapView& view) {
    if (view.fd < 0 || view.key_size == 0 || keys.size() % view.key_size != 0) return -EINVAL;
    const size_t count = keys.size() / view.key_size;
    if (count > std::numeric_limits<int32_t>::max()) return -E2BIG;
    answer = body(view, static_cast<uint32_t>(count));
    return 0;
  });
  if (status != 0) return status;
  return answer;
}

// All values, then a byte for each key: 1 where it is there.
Buffer LookupAll(const MapView& map, const Buffer& keys, uint32_t count) {
  const size_t size = map.EntrySize();
  Buffer values(count * size + count);
  uint8_t* found = values.data() + count * size;
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t* key = keys.data() + i * map.key_size;
    const int status = bpf_map_lookup_elem(map.fd, key, values.data() + i * size);
    if (status != 0 && status != -ENOENT) return Answer(status, i);
    found[i] = status == 0;
  }
  return Answer(0, count, values);
}

Buffer UpdateAll(const MapView& map, const Buffer& keys, const Buffer& entries, uint64_t flags,
                 uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t* key = keys.data() + i * map.key_size;
    const int status = bpf_map_update_elem(map.fd, key, entries.data() + i * map.EntrySize(), flags);
    if (status != 0) return Answer(status, i);
  }
  return Answer(0, count);
}

Buffer UpdateBatch(const MapView& map, const Buffer& keys, const Buffer& entries, uint64_t flags,
                   uint32_t count) {
  auto options = Options<bpf_map_batch_opts>();
  options.elem_flags = flags;
  uint32_t done = count;
  const int status = bpf_map_update_batch(map.fd, keys.data(), entries.data(), &done, &options);
  // A call that is refused as a whole leaves the count as it was; one that fails at an element has done
  // fewer.
  return Answer(status, status != 0 && done >= count ? 0 : std::min(done, count));
}

// A batch ends at a key that is not there: that is passed over.
Buffer DeleteBatch(const MapView& map, const Buffer& keys, uint32_t count) {
  auto options = Options<bpf_map_batch_opts>();
  uint32_t deleted = 0;
  for (uint32_t at = 0; at < count;) {
    uint32_t done = count - at;
    const int status = bpf_map_delete_batch(map.fd, keys.data() + at * map.key_size, &done, &options);
    if (status != 0 && status != -ENOENT) return Answer(status, deleted);
    deleted += done;
    at += done + (status == -ENOENT ? 1 : 0);
  }
  return Answer(0, deleted);
}

Buffer DeleteAll(const MapView& map, const Buffer& keys, uint32_t count) {
  uint32_t deleted = 0;
  for (uint32_t i = 0; i < count; i++) {
    const int status = bpf_map_delete_elem(map.fd, keys.data() + i * map.key_size);
    if (status != 0 && status != -ENOENT) return Answer(status, deleted);
    if (status == 0) deleted++;
  }
  return Answer(0, deleted);
}

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

Napi::Value MapLookupMany(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  Buffer keys;
  if (!map || !Read(info[1], &keys)) return Invalid(info);
  return Perform(info, [map, keys = std::move(keys)](bool may_wait) {
    return WithKeys(map, keys, may_wait,
                    [&](const MapView& view, uint32_t count) { return LookupAll(view, keys, count); });
  });
}

Napi::Value MapUpdateMany(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  Buffer keys, entries;
  uint64_t flags = 0;
  bool batch = false;
  if (!map || !ReadFrom(info, 1, &keys, &entries, &flags, &batch)) return Invalid(info);
  return Perform(info,
                 [map, keys = std::move(keys), entries = std::move(entries), flags, batch](bool may_wait) {
                   return WithKeys(map, keys, may_wait, [&](const MapView& view, uint32_t count) {
                     if (entries.size() != count * view.EntrySize()) return Answer(-EINVAL, 0);
                     const auto update = batch ? UpdateBatch : UpdateAll;
                     return update(view, keys, entries, flags, count);
                   });
                 });
}

Napi::Value MapDeleteMany(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  Buffer keys;
  bool batch = false;
  if (!map || !ReadFrom(info, 1, &keys, &batch)) return Invalid(info);
  return Perform(info, [map, keys = std::move(keys), batch](bool may_wait) {
    return WithKeys(map, keys, may_wait, [&](const MapView& view, uint32_t count) {
      return batch ? DeleteBatch(view, keys, count) : DeleteAll(view, keys, count);
    });
  });
}

}  // namespace

void RegisterMapBatch(Napi::Object exports) {
  ExportJob(exports, "mapLookupMany", MapLookupMany);
  ExportJob(exports, "mapUpdateMany", MapUpdateMany);
  ExportJob(exports, "mapDeleteMany", MapDeleteMany);
}
