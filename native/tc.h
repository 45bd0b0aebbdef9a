// tc on an interface, as far as libbpf does not tell of it.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <utility>

// How many filters the clsact queueing discipline of an interface holds in one direction; or a negative
// errno.
int CountTcFilters(int interface, uint32_t parent);

// The clsact disciplines that this environment made, by network namespace and interface.
struct Clsacts {
  std::mutex mutex;
  std::set<std::pair<uint64_t, int>> made;
};
