// Arenas: memory at one address in every process, which programs reach by pointers.
#pragma once

#include <libbpf.h>

#include <cstddef>

// The arena of an object; null where it has none. libbpf allows one (init_arena_map_data() in libbpf.c and
// its caller).
bpf_map* ArenaOf(bpf_object* object);

// Loads an object that was prepared. `offset`: how far behind the start of its arena libbpf put the arena's
// variables (adjust_arena_offset() there).
int LoadWithArena(bpf_object* object, size_t* offset);

// The arena of an object while the object is loaded. libbpf maps it at the address that the object asks for,
// over whatever is there: so the place is taken before, and only where nothing is (bpf_object__create_maps()
// in libbpf.c).
class ArenaPlace {
 public:
  explicit ArenaPlace(bpf_object* object);
  ~ArenaPlace();
  ArenaPlace(const ArenaPlace&) = delete;
  ArenaPlace& operator=(const ArenaPlace&) = delete;

  // Negative errno where something lies there, or where libbpf could not put the arena's variables into it.
  int status() const { return status_; }
  // Where libbpf mapped the arena, after the load; null where it did not.
  void* Mapped() const;

 private:
  int Holding(size_t variables) const;
  void Take();

  bpf_map* map_ = nullptr;
  void* initial_ = nullptr;  // what the arena's variables start as, in libbpf's own memory
  void* taken_ = nullptr;
  int status_ = 0;
};
