// The events benchmark in C on libbpf: what the library is compared with. It takes one command per line:
//   count | fields | decode    fills the ring, drains it, answers nanoseconds per event
//   epoll PID | coalesce PID   consumes what the process PID produces until the next line; answers events,
//   its CPU
//                              milliseconds, median latency in microseconds
// and with RATE and SECONDS as arguments it is the producer: evenly spaced getppid(2), one event each.
#include <bpf.h>
#include <libbpf.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BURST 500
#define RING (8 << 20)
#define MOST_LATENCIES (1 << 20)

struct event {
  unsigned long long time, sequence;
  unsigned cpu, pid;
  char comm[16];
};

// As the object's sections have them.
struct settings {
  unsigned target_pid, padding;
  unsigned long long watched;
};

struct totals {
  unsigned long long events, sum;
};

static struct totals totals;
static struct event kept[4096];
static unsigned latencies[MOST_LATENCIES];

static unsigned long long now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static int on_count(void* context, void* data, size_t size) {
  (void)context, (void)data, (void)size;
  totals.events++;
  return 0;
}

static int on_fields(void* context, void* data, size_t size) {
  (void)context, (void)size;
  const struct event* event = data;
  totals.events++;
  totals.sum += event->cpu + event->pid;
  return 0;
}

static int on_decode(void* context, void* data, size_t size) {
  (void)context, (void)size;
  struct event* event = &kept[totals.events++ & 4095];
  *event = *(struct event*)data;
  totals.sum += event->cpu + event->pid + strnlen(event->comm, sizeof(event->comm));
  return 0;
}

static int on_live(void* context, void* data, size_t size) {
  (void)context, (void)size;
  const struct event* event = data;
  if ((totals.events & 15) == 0)
    latencies[totals.events / 16 & (MOST_LATENCIES - 1)] = now(CLOCK_MONOTONIC) - event->time;
  totals.events++;
  totals.sum += event->cpu + event->pid;
  return 0;
}

static struct bpf_object* load(const char* path, unsigned pid, unsigned burst) {
  struct bpf_object* object = bpf_object__open(path);
  if (!object) exit(2);
  struct bpf_map* map;
  size_t size;
  bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "events"), RING);
  bpf_object__for_each_map(map, object) {
    // The type of records is for generators; the kernel wants none.
    if (bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF) bpf_map__set_value_size(map, 0);
    void* memory = bpf_map__initial_value(map, &size);
    if (strstr(bpf_map__name(map), ".rodata"))
      *(struct settings*)memory = (struct settings){pid, 0, SYS_getppid};
    if (strstr(bpf_map__name(map), ".data")) *(unsigned*)memory = burst;
  }
  if (bpf_object__load(object)) exit(3);
  struct bpf_program* program = bpf_object__find_program_by_name(object, "entered");
  if (!bpf_program__attach(program)) exit(4);
  return object;
}

static struct ring_buffer* ring_of(struct bpf_object* object, ring_buffer_sample_fn callback) {
  return ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), callback, NULL, NULL);
}

static void drain(const char* path, ring_buffer_sample_fn callback) {
  static struct bpf_object* object;
  if (!object) object = load(path, getpid(), BURST);
  struct ring_buffer* ring = ring_of(object, callback);
  for (int call = 0; call < RING / 48 / BURST; call++) syscall(SYS_getppid);
  totals = (struct totals){0};
  unsigned long long start = now(CLOCK_MONOTONIC);
  ring_buffer__consume(ring);
  printf("%f %llu\n", (double)(now(CLOCK_MONOTONIC) - start) / totals.events, totals.events);
  ring_buffer__free(ring);
}

static int by_value(const void* a, const void* b) {
  return *(const unsigned*)a < *(const unsigned*)b ? -1 : *(const unsigned*)a > *(const unsigned*)b;
}

static int told_to_stop(void) {
  struct pollfd input = {.fd = 0, .events = POLLIN};
  return poll(&input, 1, 0) > 0;
}

static void consume(const char* path, unsigned pid, int coalesce) {
  struct bpf_object* object = load(path, pid, 1);
  struct ring_buffer* ring = ring_of(object, on_live);
  struct timespec tick = {.tv_nsec = 1000000};
  char line[64];
  totals = (struct totals){0};
  printf("ready\n");
  // Like the other side, it has been running for a while when it is measured.
  if (!fgets(line, sizeof(line), stdin)) exit(0);
  ring_buffer__consume(ring);
  totals = (struct totals){0};
  unsigned long long cpu = now(CLOCK_PROCESS_CPUTIME_ID), looked = now(CLOCK_MONOTONIC);
  for (;;) {
    int found = ring_buffer__poll(ring, 20);
    while (coalesce && found > 0) {
      nanosleep(&tick, NULL);
      found = ring_buffer__consume(ring);
    }
    if (now(CLOCK_MONOTONIC) - looked < 20000000) continue;
    looked = now(CLOCK_MONOTONIC);
    if (told_to_stop()) break;
  }
  cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  size_t count = totals.events / 16;
  if (count > MOST_LATENCIES) count = MOST_LATENCIES;
  qsort(latencies, count, sizeof(*latencies), by_value);
  printf("%llu %f %f\n", totals.events, cpu / 1e6, latencies[count / 2] / 1e3);
  ring_buffer__free(ring);
  bpf_object__close(object);
  if (!fgets(line, sizeof(line), stdin)) exit(0);
}

static void produce(double rate, double seconds) {
  unsigned long long start = now(CLOCK_MONOTONIC), spent = 0, calls = rate * seconds;
  for (unsigned long long call = 0; call < calls; call++) {
    unsigned long long due = start + call * 1e9 / rate;
    // Faster than this it spins: a sleep is not that exact.
    if (rate < 5000 && due > now(CLOCK_MONOTONIC)) {
      struct timespec rest = {.tv_nsec = due - now(CLOCK_MONOTONIC)};
      nanosleep(&rest, NULL);
    }
    while (now(CLOCK_MONOTONIC) < due) continue;
    unsigned long long before = now(CLOCK_MONOTONIC);
    syscall(SYS_getppid);
    spent += now(CLOCK_MONOTONIC) - before;
  }
  printf("%llu %f\n", calls, spent / 1e6);
}

int main(int count, char** words) {
  char line[64];
  setvbuf(stdout, NULL, _IOLBF, 0);
  libbpf_set_print(NULL);
  if (count == 3) {
    printf("%d\n", getpid());
    while (fgets(line, sizeof(line), stdin)) produce(atof(words[1]), atof(words[2]));
    return 0;
  }
  while (fgets(line, sizeof(line), stdin)) {
    if (strncmp(line, "count", 5) == 0) drain(words[1], on_count);
    if (strncmp(line, "fields", 6) == 0) drain(words[1], on_fields);
    if (strncmp(line, "decode", 6) == 0) drain(words[1], on_decode);
    if (strncmp(line, "epoll", 5) == 0) consume(words[1], atoi(line + 6), 0);
    if (strncmp(line, "coalesce", 8) == 0) consume(words[1], atoi(line + 9), 1);
  }
  return 0;
}
