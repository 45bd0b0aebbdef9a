// Variables with members: what is written to one of them, before load or after it, is what the program reads.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum mode { OFF, SLOW, FAST };

struct place {
  __s32 x;
  __u16 y;
};

struct settings {
  __u64 limit;
  __u32 pid;
  enum mode mode;
  __u32 low : 3;
  __u32 high : 5;
  __u8 address[6];
  char name[8];
  __u16 ports[4];
  struct place places[2];
  union {
    __u32 word;
    __u8 octets[4];
  };
};

#define INITIAL \
  { .limit = 1, .low = 5, .high = 9, .ports = {1, 2, 3, 4}, .places = {{1, 2}, {3, 4}}, .word = 0x04030201 }

const volatile struct settings fixed = INITIAL;
volatile struct settings given = INITIAL;
volatile struct settings fixed_seen;
volatile struct settings given_seen;
static volatile struct settings hidden SEC(".data.hidden") = INITIAL;
volatile struct settings hidden_seen;
volatile __u32 many[3000];
volatile __u64 sum_of_many;

SEC("xdp")
int look(struct xdp_md* ctx) {
  fixed_seen = fixed;
  given_seen = given;
  hidden_seen = hidden;
  sum_of_many = many[0] + many[1500] + many[2999];
  return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
