// A service that one process hands to the next: every ping is counted, whichever version runs. The versions
// are adopted.bpf.c and adopted_next.bpf.c.
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800

struct tally {
  __u64 packets;
  __u64 bytes;
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct tally);
} counts SEC(".maps");

int counted(struct __sk_buff* skb);

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 1);
  __uint(key_size, sizeof(__u32));
  __array(values, int(void*));
} jumps SEC(".maps") = {.values = {[0] = (void*)&counted}};

__u64 seen;
__u64 missed;  // jumps that led nowhere
__u64 asked;
const volatile __u32 target_pid;

SEC("tcx/ingress")
int counted(struct __sk_buff* skb) {
  __u32 version = VERSION;
  struct tally* tally = bpf_map_lookup_elem(&counts, &version);
  if (!tally) return TCX_NEXT;
  __sync_fetch_and_add(&tally->packets, 1);
  __sync_fetch_and_add(&tally->bytes, skb->len);
  __sync_fetch_and_add(&seen, 1);
  return TCX_NEXT;
}

SEC("tcx/ingress")
int watch(struct __sk_buff* skb) {
  struct ethhdr* ethernet = (void*)(long)skb->data;
  struct iphdr* ip = (void*)(ethernet + 1);
  if ((void*)(ip + 1) > (void*)(long)skb->data_end) return TCX_NEXT;
  if (ethernet->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_ICMP) return TCX_NEXT;
  bpf_tail_call(skb, &jumps, 0);
  __sync_fetch_and_add(&missed, 1);
  return TCX_NEXT;
}

SEC("raw_tp/sys_enter")
int entered(void* ctx) {
  if (bpf_get_current_pid_tgid() >> 32 == target_pid) __sync_fetch_and_add(&asked, VERSION + 1);
  return 0;
}

#if VERSION == 0
SEC("raw_tp/sys_exit")
int only_before(void* ctx) {
  return 0;
}
#endif
