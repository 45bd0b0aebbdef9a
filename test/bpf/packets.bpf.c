// Packets at every hook of an interface: pings are counted, dropped, or leave a trail of who saw them.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define TC_ACT_OK 0
#define TC_ACT_SHOT 2
#define NETKIT_NEXT -1  // absent from kernels without netkit
#define NETKIT_PASS 0
#define NETKIT_DROP 2
#define NF_DROP 0
#define NF_ACCEPT 1

__u64 dropped;
__u64 passed;
__u64 trail;  // a digit for each program, in the order in which they ran

static __always_inline int is_ping(void* data, void* end) {
  struct ethhdr* ethernet = data;
  struct iphdr* ip = data + sizeof(*ethernet);
  if ((void*)(ip + 1) > end) return 0;
  return ethernet->h_proto == bpf_htons(ETH_P_IP) && ip->protocol == IPPROTO_ICMP;
}

static __always_inline int is_ping_skb(struct __sk_buff* skb) {
  return is_ping((void*)(long)skb->data, (void*)(long)skb->data_end);
}

SEC("xdp")
int drop(struct xdp_md* ctx) {
  if (!is_ping((void*)(long)ctx->data, (void*)(long)ctx->data_end)) return XDP_PASS;
  __sync_fetch_and_add(&dropped, 1);
  return XDP_DROP;
}

SEC("xdp")
int pass(struct xdp_md* ctx) {
  if (is_ping((void*)(long)ctx->data, (void*)(long)ctx->data_end)) __sync_fetch_and_add(&passed, 1);
  return XDP_PASS;
}

SEC("xdp.frags")
int pass_frags(struct xdp_md* ctx) {
  if (is_ping((void*)(long)ctx->data, (void*)(long)ctx->data_end)) __sync_fetch_and_add(&passed, 1);
  return XDP_PASS;
}

// For entries of maps that packets are redirected to.
SEC("?xdp/devmap")
int at_device(struct xdp_md* ctx) {
  return XDP_DROP;
}

SEC("?xdp/cpumap")
int at_cpu(struct xdp_md* ctx) {
  return XDP_DROP;
}

SEC("?xdp.frags/devmap")
int at_device_frags(struct xdp_md* ctx) {
  return XDP_DROP;
}

SEC("?xdp.frags/cpumap")
int at_cpu_frags(struct xdp_md* ctx) {
  return XDP_DROP;
}

SEC("tcx/ingress")
int first(struct __sk_buff* skb) {
  if (is_ping_skb(skb)) trail = trail * 10 + 1;
  return TCX_NEXT;
}

SEC("tcx/ingress")
int second(struct __sk_buff* skb) {
  if (is_ping_skb(skb)) trail = trail * 10 + 2;
  return TCX_NEXT;
}

SEC("tcx/ingress")
int third(struct __sk_buff* skb) {
  if (is_ping_skb(skb)) trail = trail * 10 + 3;
  return TCX_NEXT;
}

SEC("tcx/egress")
int drop_egress(struct __sk_buff* skb) {
  if (!is_ping_skb(skb)) return TCX_NEXT;
  __sync_fetch_and_add(&dropped, 1);
  return TCX_DROP;
}

SEC("tc")
int drop_classified(struct __sk_buff* skb) {
  if (!is_ping_skb(skb)) return TC_ACT_OK;
  __sync_fetch_and_add(&dropped, 1);
  return TC_ACT_SHOT;
}

static __always_inline int drop_in_kit(struct __sk_buff* skb) {
  if (!is_ping_skb(skb)) return NETKIT_NEXT;
  __sync_fetch_and_add(&dropped, 1);
  return NETKIT_DROP;
}

SEC("netkit/primary")
int drop_netkit(struct __sk_buff* skb) {
  return drop_in_kit(skb);
}

SEC("netkit/peer")
int drop_netkit_peer(struct __sk_buff* skb) {
  return drop_in_kit(skb);
}

// Those behind it do not run.
SEC("netkit/primary")
int pass_netkit(struct __sk_buff* skb) {
  return NETKIT_PASS;
}

SEC("netfilter")
int drop_filtered(struct bpf_nf_ctx* ctx) {
  unsigned char* head = BPF_CORE_READ(ctx, skb, head);
  struct iphdr* ip = (void*)head + BPF_CORE_READ(ctx, skb, network_header);
  if (BPF_CORE_READ(ip, protocol) != IPPROTO_ICMP) return NF_ACCEPT;
  __sync_fetch_and_add(&dropped, 1);
  return NF_DROP;
}

// Datagrams that begin with an x do not reach the socket; the filter sees them from the UDP header on.
SEC("socket")
int without_x(struct __sk_buff* skb) {
  char first = 0;
  bpf_skb_load_bytes(skb, sizeof(struct udphdr), &first, 1);
  if (first != 'x') return skb->len;
  __sync_fetch_and_add(&dropped, 1);
  return 0;
}

// In a group of sockets: the index is the last byte of what is sent.
SEC("socket")
int by_last_byte(struct __sk_buff* skb) {
  __u8 last = 0;
  bpf_skb_load_bytes(skb, skb->len - 1, &last, 1);
  return last & 1;
}

SEC("flow_dissector")
int dissect(struct __sk_buff* skb) {
  __sync_fetch_and_add(&passed, 1);
  return BPF_OK;
}

char LICENSE[] SEC("license") = "GPL";
