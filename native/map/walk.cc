#include "walk.h"

#include <bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/options.h"
#include "../core/values.h"

int Walk::Next(Fill fill, uint32_t count, bool may_wait) {
  std::unique_lock lock(mutex_, std::defer_lock);
  if (may_wait) {
    lock.lock();
  } else if (!lock.try_lock()) {
    return -EBUSY;
  }
  count_ = 0;
  if (done_) return 0;
  keys_.resize(count * key_size_);
  entries_.resize(count * entry_size_);
  const bool drain = fill == Fill::kDrainBatch || fill == Fill::kDrain;
  const bool batch = fill == Fill::kLookupBatch || fill == Fill::kDrainBatch;
  const int filled = map_->Use(may_wait, [&](const MapView& map) {
    // The sizes of another map must not decide how much memory a call fills.
    if (map.key_size != key_size_ || map.EntrySize() != entry_size_) return -EINVAL;
    return batch ? Batch(map.fd, drain, count) : Step(map.fd, drain, count);
  });
  if (filled > 0) count_ = filled;
  return filled;
}

// A hash writes the number of a bucket as the cursor, whatever the size of its keys; others write a key.
int Walk::Batch(int fd, bool drain, uint32_t count) {
  std::vector<uint8_t> next(std::max(key_size_, sizeof(uint64_t)));
  auto options = Options<bpf_map_batch_opts>();
  const auto call = drain ? bpf_map_lookup_and_delete_batch : bpf_map_lookup_batch;
  void* from = cursor_.empty() ? nullptr : cursor_.data();
  const int status = call(fd, from, next.data(), keys_.data(), entries_.data(), &count, &options);
  // After a failure `count` is not always written (generic_map_lookup_batch() in kernel/bpf/syscall.c).
  const bool ends = status == -ENOENT;
  const bool interrupted = status == -EINTR && count > 0;
  if (status != 0 && !ends && !interrupted) return status;
  done_ = ends;
  cursor_ = std::move(next);
  return static_cast<int>(count);
}

// Key by key, for kinds without batches (bpf_map_do_batch() in kernel/bpf/syscall.c). A key that goes
// meanwhile is left out.
int Walk::Step(int fd, bool drain, uint32_t count) {
  uint32_t filled = 0;
  for (uint32_t tried = 0; filled < count && tried < 2 * count; tried++) {
    auto* key = keys_.data() + filled * key_size_;
    // A drained key cannot be asked for its successor.
    const void* from = cursor_.empty() || drain ? nullptr : cursor_.data();
    const int status = bpf_map_get_next_key(fd, from, key);
    if (status == -ENOENT) done_ = true;
    if (status != 0) return filled > 0 || done_ ? static_cast<int>(filled) : status;
    cursor_.assign(key, key + key_size_);
    const int got = Get(fd, key, entries_.data() + filled * entry_size_, drain);
    if (got == 0) filled++;
    if (got != 0 && got != -ENOENT) return filled > 0 ? static_cast<int>(filled) : got;
  }
  return filled > 0 ? static_cast<int>(filled) : -EINTR;
}

int Walk::Get(int fd, const uint8_t* key, uint8_t* entry, bool drain) {
  const int status = bpf_map_lookup_elem(fd, key, entry);
  return status == 0 && drain ? bpf_map_delete_elem(fd, key) : status;
}

namespace {

// As many entries as a slice may have; a system call over more would hold up others.
constexpr uint32_t kMostEntries = 1 << 24;
constexpr uint64_t kMostBytes = uint64_t{1} << 28;

Napi::Value Status(const Napi::CallbackInfo& info, int64_t status) {
  return Napi::Number::New(info.Env(), static_cast<double>(status));
}

Napi::Value MapWalk(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  if (!map) return Status(info, -EINVAL);
  std::shared_ptr<Walk> walk;
  const int status = map->Use(false, [&](const MapView& view) {
    if (view.fd < 0 || view.key_size == 0) return -EINVAL;
    walk = std::make_shared<Walk>(map, view.key_size, view.EntrySize());
    return 0;
  });
  return status == 0 ? Handle<Walk>::Wrap(info.Env(), walk) : Status(info, status);
}

// (walk, fill, count).
Napi::Value WalkNext(const Napi::CallbackInfo& info) {
  auto walk = Handle<Walk>::Unwrap(info[0]);
  uint32_t fill = 0, count = 0;
  const bool reads = walk && ReadFrom(info, 1, &fill, &count);
  const bool fits = reads && fill <= static_cast<uint32_t>(Fill::kDrain) && count > 0 &&
                    count <= kMostEntries && (walk->key_size() + walk->entry_size()) * count <= kMostBytes;
  if (!fits) return Perform(info, [](bool) { return -EINVAL; });
  return Perform(info, [=](bool may_wait) { return walk->Next(static_cast<Fill>(fill), count, may_wait); });
}

// (walk, keys, entries): copies the slice; how many entries it has.
Napi::Value WalkTake(const Napi::CallbackInfo& info) {
  auto walk = Handle<Walk>::Unwrap(info[0]);
  Bytes keys, entries;
  if (!walk || !ReadFrom(info, 1, &keys, &entries)) return Status(info, -EINVAL);
  return Status(info, walk->Look([&]() -> int64_t {
    const size_t count = walk->count();
    if (keys.size < count * walk->key_size() || entries.size < count * walk->entry_size()) return -ERANGE;
    std::copy_n(walk->keys(), count * walk->key_size(), keys.data);
    std::copy_n(walk->entries(), count * walk->entry_size(), entries.data);
    return count;
  }));
}

template <size_t kSize>
void CopyColumn(const uint8_t* from, size_t stride, size_t count, uint8_t* to) {
  for (size_t i = 0; i < count; i++) memcpy(to + i * kSize, from + i * stride, kSize);
}

void CopyAny(const uint8_t* from, size_t stride, size_t count, uint8_t* to, size_t size) {
  for (size_t i = 0; i < count; i++) memcpy(to + i * size, from + i * stride, size);
}

void Copy(const uint8_t* from, size_t stride, size_t count, uint8_t* to, size_t size) {
  switch (size) {
    case 1:
      return CopyColumn<1>(from, stride, count, to);
    case 2:
      return CopyColumn<2>(from, stride, count, to);
    case 4:
      return CopyColumn<4>(from, stride, count, to);
    case 8:
      return CopyColumn<8>(from, stride, count, to);
    default:
      return CopyAny(from, stride, count, to, size);
  }
}

// (walk, of keys, offset, size, out, first): the member at `offset` of each entry, from the place `first` on.
Napi::Value WalkColumn(const Napi::CallbackInfo& info) {
  auto walk = Handle<Walk>::Unwrap(info[0]);
  bool of_keys = false;
  uint32_t offset = 0, size = 0, first = 0;
  Bytes out;
  if (!walk || !ReadFrom(info, 1, &of_keys, &offset, &size, &out, &first)) return Status(info, -EINVAL);
  return Status(info, walk->Look([&]() -> int64_t {
    const size_t stride = of_keys ? walk->key_size() : walk->entry_size();
    const uint64_t end = (uint64_t{first} + walk->count()) * size;
    if (uint64_t{offset} + size > stride || end > out.size) return -ERANGE;
    const uint8_t* from = (of_keys ? walk->keys() : walk->entries()) + offset;
    Copy(from, stride, walk->count(), out.data + uint64_t{first} * size, size);
    return walk->count();
  }));
}

}  // namespace

void RegisterMapWalk(Napi::Object exports) {
  ExportCall(exports, "mapWalk", MapWalk);
  ExportJob(exports, "walkNext", WalkNext);
  ExportCall(exports, "walkTake", WalkTake);
  ExportCall(exports, "walkColumn", WalkColumn);
}
