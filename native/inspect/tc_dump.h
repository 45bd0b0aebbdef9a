// tc on an interface, as far as libbpf does not tell of it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

// Asks for all of a kind in this network namespace, as RTM_GETTFILTER, and appends the messages as they
// come (netlink(7)); 0 or a negative errno.
int DumpTc(uint32_t type, int interface, uint32_t parent, std::vector<uint8_t>* messages);

// How many filters the clsact queueing discipline of an interface holds in one direction; or a negative
// errno.
int CountTcFilters(int interface, uint32_t parent);

// The clsact disciplines that this environment made, by network namespace and interface, and how many filters
// of ours are there.
struct Clsacts {
  std::mutex mutex;
  std::map<std::pair<uint64_t, int>, int> made;
};
