// What a C program on libbpf has in the data sections of a loaded object, before and after a program of it
// ran once.
//
// usage: sections OBJECT PROGRAM
// Prints a line for each section: its map's name, whether libbpf shares its memory, and its bytes in
// hexadecimal.
#include <bpf.h>
#include <libbpf.h>
#include <stdio.h>
#include <stdlib.h>

static void print(struct bpf_map* map) {
  size_t size = bpf_map__value_size(map);
  unsigned char bytes[size];
  const __u32 key = 0;
  const void* shared = bpf_map__initial_value(map, &size);
  if (bpf_map_lookup_elem(bpf_map__fd(map), &key, bytes)) exit(1);
  printf("%s %s ", bpf_map__name(map), shared ? "shared" : "copied");
  for (size_t i = 0; i < bpf_map__value_size(map); i++) printf("%02x", bytes[i]);
  printf("\n");
}

static void print_all(struct bpf_object* object) {
  struct bpf_map* map;
  bpf_object__for_each_map(map, object) {
    if (bpf_map__is_internal(map)) print(map);
  }
}

int main(int argc, char** argv) {
  libbpf_set_print(NULL);
  struct bpf_object* object = bpf_object__open(argc > 2 ? argv[1] : "");
  if (!object || bpf_object__load(object)) return 1;
  print_all(object);
  char packet[64] = {0};
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet));
  struct bpf_program* program = bpf_object__find_program_by_name(object, argv[2]);
  if (bpf_prog_test_run_opts(bpf_program__fd(program), &options)) return 2;
  print_all(object);
  return 0;
}
