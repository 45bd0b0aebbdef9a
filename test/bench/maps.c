// The C that maps are measured beside: libbpf's calls on a map by its id. Prints nanoseconds for each entry
// or call.
#include <bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

struct pair {
  unsigned long long calls, bytes;
};

enum { batch = 8192, calls = 200000, reads = 10000000 };

// Of the processor, not of the wall: other work runs on the machine too.
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static unsigned long long sum;

static double dump(int fd) {
  static unsigned int keys[batch];
  static struct pair values[batch];
  unsigned int cursor = 0, entries = 0, count;
  const double start = now();
  int status;
  do {
    count = batch;
    status = bpf_map_lookup_batch(fd, entries ? &cursor : NULL, &cursor, keys, values, &count, NULL);
    if (status != 0 && status != -ENOENT) exit(1);
    for (unsigned int i = 0; i < count; i++) sum += keys[i] + values[i].calls + values[i].bytes;
    entries += count;
  } while (status == 0);
  return (now() - start) / entries;
}

static unsigned int next_key(unsigned int* state, unsigned int entries) {
  *state = *state * 1664525 + 1013904223;
  return (*state >> 8) % entries;
}

static double lookup(int fd, unsigned int entries) {
  unsigned int state = 1;
  struct pair value;
  const double start = now();
  for (int i = 0; i < calls; i++) {
    const unsigned int key = next_key(&state, entries);
    if (bpf_map_lookup_elem(fd, &key, &value) == 0) sum += value.calls;
  }
  return (now() - start) / calls;
}

static double update(int fd, unsigned int entries) {
  unsigned int state = 1;
  const double start = now();
  for (int i = 0; i < calls; i++) {
    const unsigned int key = next_key(&state, entries);
    const struct pair value = {key, 2};
    if (bpf_map_update_elem(fd, &key, &value, BPF_ANY) != 0) exit(1);
  }
  return (now() - start) / calls;
}

static double mapped(int fd, unsigned int entries) {
  volatile unsigned long long* array = mmap(NULL, entries * 8, PROT_READ, MAP_SHARED, fd, 0);
  if (array == MAP_FAILED) exit(1);
  const double start = now();
  for (unsigned int i = 0; i < reads; i++) sum += array[i % entries];
  return (now() - start) / reads;
}

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const int fd = bpf_map_get_fd_by_id(atoi(arguments[2]));
  const unsigned int entries = atoi(arguments[3]);
  if (fd < 0) return 1;
  double time = 0;
  if (strcmp(arguments[1], "dump") == 0) time = dump(fd);
  if (strcmp(arguments[1], "lookup") == 0) time = lookup(fd, entries);
  if (strcmp(arguments[1], "update") == 0) time = update(fd, entries);
  if (strcmp(arguments[1], "mapped") == 0) time = mapped(fd, entries);
  printf("%f\n", time);
  return sum == 1;  // what was read must not be optimized away
}
