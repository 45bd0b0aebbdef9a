// tc on an interface, as far as libbpf does not tell of it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

// How many filters the clsact queueing discipline of an interface holds in one direction; or a negative
// errno.
int CountTcFilters(int interface, uint32_t parent);

// The clsact disciplines that this environment made, by network namespace and interface, and how many filters
// of ours are there.
struct Clsacts {
  std::mutex mutex;
  std::map<std::pair<uint64_t, int>, int> made;
};
