// Programs that others attach: a route, a filter's action, a test run.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define TC_ACT_SHOT 2
#define LWT_DROP 2  // BPF_DROP

__u64 dropped;

static int count(int verdict) {
  __atomic_fetch_add(&dropped, 1, __ATOMIC_RELAXED);
  return verdict;
}

SEC("?lwt_in")
int drop_in(struct __sk_buff* skb) {
  return count(LWT_DROP);
}

SEC("?lwt_out")
int drop_out(struct __sk_buff* skb) {
  return count(LWT_DROP);
}

SEC("?lwt_xmit")
int drop_xmit(struct __sk_buff* skb) {
  return count(LWT_DROP);
}

SEC("?lwt_seg6local")
int drop_segment(struct __sk_buff* skb) {
  return count(LWT_DROP);
}

SEC("?action")
int drop_action(struct __sk_buff* skb) {
  return count(TC_ACT_SHOT);
}

struct sum {
  __u32 one;
  __u32 two;
  __u32 both;
};

SEC("?syscall")
int add(struct sum* sum) {
  sum->both = sum->one + sum->two;
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
