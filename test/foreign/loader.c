// How far a C program on libbpf comes with an object: the oracle for other people's objects. Nothing is
// attached.
//
// usage: loader OBJECT
// Prints `open ERRNO`, `load ERRNO`, or `loaded MAPS PROGRAMS`: how many of each libbpf has.
#include <libbpf.h>
#include <stdio.h>

int main(int argc, char** argv) {
  libbpf_set_print(NULL);
  struct bpf_object* object = bpf_object__open(argc > 1 ? argv[1] : "");
  if (!object) return printf("open %ld\n", -libbpf_get_error(object)) < 0;
  const int status = bpf_object__load(object);
  if (status) return printf("load %d\n", -status) < 0;
  int maps = 0, programs = 0;
  struct bpf_map* map;
  bpf_object__for_each_map(map, object) maps += !bpf_map__is_internal(map);
  struct bpf_program* program;
  bpf_object__for_each_program(program, object) programs++;
  printf("loaded %d %d\n", maps, programs);
  bpf_object__close(object);
  return 0;
}
