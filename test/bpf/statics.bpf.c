// Sections in which every variable is static, or hidden as locks are: libbpf shares the memory of none of
// them.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct point {
  __s32 x;
  __s32 y;
};

static volatile const __u32 limit = 7;
static volatile __u64 calls;
static volatile struct point origin = {3, -4};
static volatile __u32 chosen SEC(".data.choice") = 11;
struct bpf_spin_lock guard SEC(".data.guarded") __hidden;
__u32 guarded SEC(".data.guarded") __hidden = 5;

SEC("xdp")
int count(struct xdp_md* ctx) {
  calls++;
  origin.x += limit;
  chosen++;
  // Its format is a static constant.
  if (calls == 1000000) bpf_printk("a million calls");
  return XDP_PASS;
}

SEC("?xdp")
int count_locked(struct xdp_md* ctx) {
  bpf_spin_lock(&guard);
  guarded += 2;
  bpf_spin_unlock(&guard);
  return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
