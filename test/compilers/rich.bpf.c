// An object with every sort of declaration that the generator knows; compiled by the tests, never loaded.
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;

#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value)* name
#define __array(name, value) typeof(value)* name[]

enum state { IDLE, BUSY = 5, GONE = 7, LAST = GONE };
enum temperature { COLD = -40, WARM = 20 };

typedef struct {
  __u32 low, high;
} range_t;

struct flags {
  __u32 ready : 1;
  __u32 level : 4;
  __s32 delta : 6;
  _Bool seen : 1;
  enum state state : 3;
  __u64 wide : 40;
};

struct event {
  __u64 ts;
  __u32 pid;
  enum state state;
  char comm[16];
  __u8 mac[6];
  _Bool failed;
  union {
    __u32 ipv4;
    __u8 ipv6[16];
    struct {
      __u16 port;
      __u16 zone;
    };
  };
  struct {
    __u32 uid, gid;
  } owner;
  range_t ranges[2];
  struct flags flags;
  void* address;
  double load;
  enum temperature temperature;
  __u32 count;
  char args[];
};

struct key {
  __u32 pid;
  char constructor[8];
  __u16 __proto__;
};

struct {
  __uint(type, 1);
  __uint(max_entries, 64);
  __type(key, struct key);
  __type(value, __u64);
} counts SEC(".maps");

struct {
  __uint(type, 27);
  __uint(max_entries, 4096);
  __type(value, struct event);
} events SEC(".maps");

struct {
  __uint(type, 27);
  __uint(max_entries, 4096);
} raw_events SEC(".maps");

struct {
  __uint(type, 6);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, range_t);
} per_cpu SEC(".maps");

struct {
  __uint(type, 2);
  __uint(max_entries, 8);
  __uint(key_size, 4);
  __uint(value_size, 24);
} sized SEC(".maps");

struct {
  __uint(type, 3);
  __uint(max_entries, 2);
  __uint(key_size, 4);
  __uint(value_size, 4);
} jumps SEC(".maps");

struct inner {
  __uint(type, 2);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
};

struct {
  __uint(type, 13);
  __uint(max_entries, 2);
  __type(key, __u32);
  __array(values, struct inner);
} nested SEC(".maps");

struct {
  __uint(type, 9999);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u32);
} unheard_of SEC(".maps");

const volatile __u64 min_us = 5;
const volatile char target[16] = "node";
const volatile _Bool failures_only = 1;
const volatile struct key filter = {.pid = 1};
static volatile const __u32 hidden_setting = 7;
volatile __u32 seen = 3;
volatile enum state current = BUSY;
static volatile __s64 offset_ns = -9;
volatile __u64 totals[4];
volatile struct event last;
volatile const __u16 tuned SEC(".rodata.tuning") = 9;
volatile __u32 shared SEC(".data.shared") = 11;
char LICENSE[] SEC("license") = "GPL";

static __attribute__((noinline)) int helper(int x) {
  static volatile int calls;
  return calls++ + x;
}

SEC("tp/sched/sched_process_exec")
int on_exec(void* ctx) {
  counts.max_entries = 0;
  totals[1] += seen + min_us + target[1] + failures_only + filter.pid + hidden_setting + tuned;
  last.pid = shared;
  offset_ns += current;
  return helper(seen);
}

SEC("?kprobe/do_unlinkat")
int on_unlink(void* ctx) {
  return helper(2);
}

SEC("kprobe/do_unlinkat")
int on_unlink_too(void* ctx) {
  return 0;
}
