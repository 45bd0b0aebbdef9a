// The C that loading is measured beside: opens an object again and again, loads it, or attaches a program of
// it. Prints the tenth percentile of opening and attaching, which take little, and the median of loading, in
// microseconds.
#include <libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { most = 1000 };

static double times[most];

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int ascending(const void* a, const void* b) {
  const double left = *(const double*)a, right = *(const double*)b;
  return (left > right) - (left < right);
}

static int silent(enum libbpf_print_level level, const char* format, va_list arguments) {
  (void)level, (void)format, (void)arguments;
  return 0;
}

// A ring with the type of its records has sizes that the kernel takes for a mistake.
static struct bpf_object* opened(const char* path) {
  struct bpf_object* object = bpf_object__open(path);
  struct bpf_map* map;
  bpf_object__for_each_map(map, object) {
    if (bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF) bpf_map__set_value_size(map, 0);
  }
  return object;
}

static int open_and_load(const char* path, int rounds, int loads) {
  // Loading is timed by the processor, not by the wall: other work runs on the machine too.
  const clockid_t clock = loads ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  for (int round = 0; round < rounds; round++) {
    const double start = now(clock);
    struct bpf_object* object = opened(path);
    if (!object || (loads && bpf_object__load(object) != 0)) return 1;
    times[round] = now(clock) - start;
    bpf_object__close(object);
  }
  return 0;
}

static struct bpf_object* loaded_with(const char* path, const char* name) {
  struct bpf_object* object = opened(path);
  struct bpf_program* program;
  bpf_object__for_each_program(program, object) {
    bpf_program__set_autoload(program, strcmp(bpf_program__name(program), name) == 0);
  }
  return bpf_object__load(object) == 0 ? object : NULL;
}

static int attach(const char* path, int rounds, const char* name) {
  struct bpf_object* object = loaded_with(path, name);
  if (!object) return 1;
  struct bpf_program* program = bpf_object__find_program_by_name(object, name);
  for (int round = 0; round < rounds; round++) {
    const double start = now(CLOCK_MONOTONIC);
    struct bpf_link* link = bpf_program__attach(program);
    times[round] = now(CLOCK_MONOTONIC) - start;
    if (!link || bpf_link__destroy(link) != 0) return 1;
  }
  bpf_object__close(object);
  return 0;
}

// OBJECT ROUNDS open | load | attach PROGRAM
int main(int count, char** arguments) {
  if (count < 4) return 2;
  const int rounds = atoi(arguments[2]);
  if (rounds < 1 || rounds > most) return 2;
  const int loads = strcmp(arguments[3], "load") == 0;
  libbpf_set_print(silent);
  const int failed =
      count == 5 ? attach(arguments[1], rounds, arguments[4]) : open_and_load(arguments[1], rounds, loads);
  if (failed) return 1;
  qsort(times, rounds, sizeof(times[0]), ascending);
  printf("%f\n", times[loads ? rounds / 2 : rounds / 10]);
  return 0;
}
