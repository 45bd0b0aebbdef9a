// Arenas: memory at one address in every process, which programs reach by pointers.
#pragma once

#include <libbpf.h>

// The arena of an object while the object is loaded. libbpf maps it at the address that the object asks for,
// over whatever is there: so the place is taken before, and only where nothing is.
class ArenaPlace {
 public:
  explicit ArenaPlace(bpf_object* object);
  ~ArenaPlace();
  ArenaPlace(const ArenaPlace&) = delete;
  ArenaPlace& operator=(const ArenaPlace&) = delete;

  // Negative errno where something lies there.
  int status() const { return status_; }
  // Where libbpf mapped the arena, after the load; null where it did not.
  void* Mapped() const;

 private:
  bpf_map* map_ = nullptr;
  void* initial_ = nullptr;  // what the arena's variables start as, in libbpf's own memory
  void* taken_ = nullptr;
  int status_ = 0;
};
