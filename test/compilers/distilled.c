// What libbpf makes of a module's types: `distill BASE SPLIT OUT_BASE OUT_SPLIT` writes them as for a module
// that is built away from its kernel, `relocate BASE SPLIT KERNEL OUT` finds them among a kernel's.
#include <btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void* check(void* types, const char* what) {
  if (types) return types;
  perror(what);
  exit(1);
}

static void write_raw(const struct btf* btf, const char* path) {
  __u32 size = 0;
  const void* bytes = check((void*)btf__raw_data(btf, &size), "raw data");
  FILE* file = check(fopen(path, "w"), path);
  fwrite(bytes, 1, size, file);
  fclose(file);
}

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  struct btf* base = check(btf__parse_raw(argv[2]), argv[2]);
  struct btf* split = check(btf__parse_raw_split(argv[3], base), argv[3]);
  if (strcmp(argv[1], "distill") == 0) {
    struct btf *new_base = NULL, *new_split = NULL;
    if (btf__distill_base(split, &new_base, &new_split) != 0) check(NULL, "distill");
    write_raw(new_base, argv[4]);
    write_raw(new_split, argv[5]);
    return 0;
  }
  struct btf* kernel = check(btf__parse_raw(argv[4]), argv[4]);
  if (btf__relocate(split, kernel) != 0) check(NULL, "relocate");
  write_raw(split, argv[5]);
  return 0;
}
