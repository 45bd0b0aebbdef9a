// Rejected: packets and contexts.
#define BPF_NO_PRESERVE_ACCESS_INDEX
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("?xdp")
int packet_unchecked(struct xdp_md* ctx) {
  struct ethhdr* header = (void*)(long)ctx->data;
  return header->h_proto ? XDP_PASS : XDP_DROP;  // packet_unchecked is rejected: packet-bounds
}

SEC("?xdp")
int packet_too_short(struct xdp_md* ctx) {
  struct ethhdr* header = (void*)(long)ctx->data;
  struct iphdr* ip = (void*)(header + 1);
  if ((void*)ip > (void*)(long)ctx->data_end) return XDP_PASS;
  return ip->protocol == 6 ? XDP_PASS : XDP_DROP;  // packet_too_short is rejected: packet-bounds
}

SEC("?xdp")
int packet_moved(struct xdp_md* ctx) {
  struct ethhdr* header = (void*)(long)ctx->data;
  if ((void*)(header + 1) > (void*)(long)ctx->data_end) return XDP_PASS;
  bpf_xdp_adjust_head(ctx, 4);
  return header->h_proto ? XDP_PASS : XDP_DROP;  // packet_moved is rejected: not-a-pointer
}

SEC("?cgroup_skb/ingress")
int packet_read_only(struct __sk_buff* skb) {
  char* data = (void*)(long)skb->data;
  if (data + 1 > (char*)(long)skb->data_end) return 1;
  *data = 0;  // packet_read_only is rejected: read-only
  return 1;
}

SEC("?xdp")
int context_behind_end(struct xdp_md* ctx) {
  return ((volatile __u32*)ctx)[200];  // context_behind_end is rejected: context-access
}

SEC("?xdp")
int context_written(struct xdp_md* ctx) {
  *(volatile __u32*)&ctx->data = 0;  // context_written is rejected: context-access
  return XDP_PASS;
}

SEC("?xdp")
int context_in_part(struct xdp_md* ctx) {
  return *(volatile __u16*)&ctx->data_end;  // context_in_part is rejected: context-access
}

SEC("?tc")
int context_counted(struct __sk_buff* skb) {
  __sync_fetch_and_add(&skb->mark, 1);  // context_counted is rejected: atomic-target
  return 0;
}

SEC("?tc")
int packet_to_helper(struct __sk_buff* skb) {
  char* data = (void*)(long)skb->data;
  if (data + 4 > (char*)(long)skb->data_end) return 0;
  bpf_skb_store_bytes(skb, 0, data, 4, 0);  // packet_to_helper is rejected: packet-argument
  return 0;
}

SEC("?cgroup_skb/ingress")
int socket_in_full(struct __sk_buff* skb) {
  struct bpf_sock* sk = skb->sk;
  if (!sk) return 1;
  return sk->mark == 0;  // socket_in_full is rejected: socket-access
}

char LICENSE[] SEC("license") = "GPL";
