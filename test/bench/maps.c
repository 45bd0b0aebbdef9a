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

enum { batch = 8192, calls = 1000, rounds = 400, reads = 10000000 };

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

static void lookup(int fd, unsigned int key) {
  struct pair value;
  if (bpf_map_lookup_elem(fd, &key, &value) == 0) sum += value.calls;
}

static void update(int fd, unsigned int key) {
  const struct pair value = {key, 2};
  if (bpf_map_update_elem(fd, &key, &value, BPF_ANY) != 0) exit(1);
}

// Of a key that is not there, so that the map stays as it is for what comes next.
static void delete_absent(int fd, unsigned int key) {
  key = ~key;
  if (bpf_map_delete_elem(fd, &key) == 0) exit(1);
}

static int ascending(const void* a, const void* b) {
  const double difference = *(const double*)a - *(const double*)b;
  return (difference > 0) - (difference < 0);
}

// Of a call in the best twentieth of the rounds: the others were disturbed.
static double best(void (*call)(int fd, unsigned int key), int fd, unsigned int entries) {
  static double times[rounds];
  unsigned int state = 1;
  for (int round = 0; round < rounds; round++) {
    const double start = now();
    for (int i = 0; i < calls; i++) call(fd, next_key(&state, entries));
    times[round] = (now() - start) / calls;
  }
  qsort(times, rounds, sizeof(times[0]), ascending);
  return times[rounds / 20];
}

// Filled here, as what JavaScript has is encoded.
static double update_batch(int fd, unsigned int entries) {
  static unsigned int keys[batch];
  static struct pair values[batch];
  const double start = now();
  for (unsigned int first = 0; first + batch <= entries; first += batch) {
    unsigned int count = batch;
    for (unsigned int i = 0; i < batch; i++) keys[i] = values[i].calls = first + i, values[i].bytes = 2;
    if (bpf_map_update_batch(fd, keys, values, &count, NULL) != 0) exit(1);
  }
  return (now() - start) / (entries / batch * batch);
}

static double lookup_all(int fd, unsigned int entries) {
  const double start = now();
  for (unsigned int i = 0; i < entries; i++) lookup(fd, i);
  return (now() - start) / entries;
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
  if (strcmp(arguments[1], "lookup") == 0) time = best(lookup, fd, entries);
  if (strcmp(arguments[1], "update") == 0) time = best(update, fd, entries);
  if (strcmp(arguments[1], "delete") == 0) time = best(delete_absent, fd, entries);
  if (strcmp(arguments[1], "update-batch") == 0) time = update_batch(fd, entries);
  if (strcmp(arguments[1], "lookup-all") == 0) time = lookup_all(fd, entries);
  if (strcmp(arguments[1], "mapped") == 0) time = mapped(fd, entries);
  printf("%f\n", time);
  return sum == 1;  // what was read must not be optimized away
}
