// A walk over all entries of a map, a slice at a time: a job of the pool fills the slice, JavaScript takes
// from it afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "map.h"

// How a slice is filled. The numbers are known to JavaScript.
enum class Fill : uint32_t { kLookupBatch, kDrainBatch, kLookup, kDrain };

class Walk {
 public:
  static constexpr uint64_t kTag = 0x6c6270662d776c6b;

  Walk(std::shared_ptr<Map> map, size_t key_size, size_t entry_size)
      : map_(std::move(map)), key_size_(key_size), entry_size_(entry_size) {}

  // Fills the slice with up to `count` entries. How many; 0 at the end; or a negative errno, after which the
  // walk stands where it stood.
  int Next(Fill fill, uint32_t count, bool may_wait);

  // Runs `body` while no slice is being filled; -EBUSY otherwise.
  template <class Body>
  int64_t Look(Body body) {
    std::unique_lock lock(mutex_, std::try_to_lock);
    return lock.owns_lock() ? body() : -EBUSY;
  }

  size_t count() const { return count_; }
  size_t key_size() const { return key_size_; }
  size_t entry_size() const { return entry_size_; }
  const uint8_t* keys() const { return keys_.data(); }
  const uint8_t* entries() const { return entries_.data(); }

 private:
  int Batch(int fd, bool drain, uint32_t count);
  int Step(int fd, bool drain, uint32_t count);
  int Get(int fd, const uint8_t* key, uint8_t* entry, bool drain);

  const std::shared_ptr<Map> map_;
  const size_t key_size_;
  const size_t entry_size_;
  std::mutex mutex_;
  std::vector<uint8_t> cursor_;  // where the next slice starts; empty at the beginning
  std::vector<uint8_t> keys_;
  std::vector<uint8_t> entries_;
  size_t count_ = 0;
  bool done_ = false;
};
