// Programs that tests run by themselves: each does something to what it is given.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define TC_ACT_OK 0
#define BPF_OK_KEYS 0
#define NF_DROP 0
#define NF_ACCEPT 1

__u64 calls;
__u64 argument;
__u32 cpu;

// Drops the first byte's lowest bit, sends back what begins with 2, and leaves a mark in what passes.
SEC("xdp")
int guard(struct xdp_md* ctx) {
  __u8* data = (void*)(long)ctx->data;
  if ((void*)(data + 14) > (void*)(long)ctx->data_end) return XDP_ABORTED;
  __sync_fetch_and_add(&calls, 1);
  if (data[0] & 1) return XDP_DROP;
  if (data[0] == 2) return XDP_TX;
  data[13] = 0x5a;
  return XDP_PASS;
}

// Answers how much metadata it got, and makes it four bytes longer.
SEC("xdp")
int with_metadata(struct xdp_md* ctx) {
  long before = ctx->data - ctx->data_meta;
  if (bpf_xdp_adjust_meta(ctx, -4)) return -1;
  __u32* word = (void*)(long)ctx->data_meta;
  if ((void*)(word + 1) > (void*)(long)ctx->data) return -1;
  *word = 0x11223344;
  return before;
}

SEC("xdp")
int queue(struct xdp_md* ctx) {
  return ctx->ingress_ifindex * 10 + ctx->rx_queue_index;
}

SEC("?xdp.frags")
int longer(struct xdp_md* ctx) {
  return bpf_xdp_get_buff_len(ctx);
}

// Grows the packet by 8000 bytes.
SEC("tc")
int grow(struct __sk_buff* skb) {
  return bpf_skb_change_tail(skb, skb->len + 8000, 0) ? 7 : TC_ACT_OK;
}

SEC("tc")
int marked(struct __sk_buff* skb) {
  skb->priority = skb->mark + 1;
  skb->cb[4] = skb->cb[0] * 2;
  return -1;
}

SEC("socket")
int length(struct __sk_buff* skb) {
  return skb->len;
}

// The byte behind the Ethernet header becomes the protocol.
SEC("flow_dissector")
int dissected(struct __sk_buff* skb) {
  struct bpf_flow_keys* keys = (void*)skb->flow_keys;
  __u8* data = (void*)(long)skb->data;
  if ((void*)(data + 15) > (void*)(long)skb->data_end) return 2;
  keys->ip_proto = data[14];
  keys->dport = bpf_htons(443);
  keys->ipv4_src = bpf_htonl(0x0a000001);
  return BPF_OK_KEYS;
}

SEC("?sk_lookup")
int looked_up(struct bpf_sk_lookup* ctx) {
  argument = ctx->local_port;
  cpu = ctx->remote_ip4;
  return bpf_ntohs(ctx->remote_port) == 53 ? SK_DROP : SK_PASS;
}

SEC("raw_tp/sys_enter")
int traced(struct bpf_raw_tracepoint_args* ctx) {
  argument = ctx->args[1];
  cpu = bpf_get_smp_processor_id();
  return ctx->args[0];
}

struct question {
  __u32 left;
  __u32 right;
  __u64 product;
  char note[8];
};

SEC("?syscall")
int multiply(struct question* ctx) {
  ctx->product = (__u64)ctx->left * ctx->right;
  ctx->note[0] = 'k';
  return -3;
}

SEC("?syscall")
int untyped(void* ctx) {
  return 5;
}

SEC("?netfilter")
int filtered(struct bpf_nf_ctx* ctx) {
  return BPF_CORE_READ(ctx, skb, len) > 40 ? NF_DROP : NF_ACCEPT;
}

SEC("?fentry/bpf_fentry_test1")
int entered(void* ctx) {
  __sync_fetch_and_add(&calls, 1);
  return 0;
}

SEC("kprobe/do_nanosleep")
int not_by_itself(void* ctx) {
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
