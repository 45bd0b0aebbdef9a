// Opens and loads an object with libbpf alone; prints the size of a ring and of its values.
#include <libbpf.h>
#include <stdio.h>

int main(int argc, char** argv) {
  struct bpf_object* object = argc == 3 ? bpf_object__open_file(argv[1], NULL) : NULL;
  if (!object || bpf_object__load(object)) return 1;
  const struct bpf_map* map = bpf_object__find_map_by_name(object, argv[2]);
  printf("%u %u\n", bpf_map__max_entries(map), bpf_map__value_size(map));
  bpf_object__close(object);
  return 0;
}
