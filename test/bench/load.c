// The C that loading is measured beside: opens, loads and closes an object again and again. Prints the median
// in microseconds.
#include <libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { most = 1000 };

static double times[most];

// Of the processor, not of the wall: other work runs on the machine too.
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
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

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const int rounds = atoi(arguments[2]);
  if (rounds < 1 || rounds > most) return 2;
  libbpf_set_print(silent);
  for (int round = 0; round < rounds; round++) {
    const double start = now();
    struct bpf_object* object = opened(arguments[1]);
    if (!object || bpf_object__load(object) != 0) return 1;
    times[round] = now() - start;
    bpf_object__close(object);
  }
  qsort(times, rounds, sizeof(times[0]), ascending);
  printf("%f\n", times[rounds / 2]);
  return 0;
}
