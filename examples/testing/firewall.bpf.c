// SPDX-License-Identifier: MIT
// Drops UDP to ports that are blocked and counts it; what is sent to the echo port goes back where it came
// from.
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define ECHO_PORT 7

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __u16);   /* port */
  __type(value, __u64); /* packets that were dropped */
} blocked SEC(".maps");

struct mac {
  __u8 bytes[6];
};

struct udp_packet {
  struct ethhdr eth;
  struct iphdr ip; /* without options */
  struct udphdr udp;
} __attribute__((packed));

static __always_inline int send_back(struct udp_packet* packet) {
  struct mac* to = (void*)packet->eth.h_dest;
  struct mac* from = (void*)packet->eth.h_source;
  struct mac address = *to;
  *to = *from;
  *from = address;
  return XDP_TX;
}

SEC("xdp")
int firewall(struct xdp_md* ctx) {
  struct udp_packet* packet = (void*)(long)ctx->data;
  if ((void*)(packet + 1) > (void*)(long)ctx->data_end) return XDP_PASS;
  if (packet->eth.h_proto != bpf_htons(ETH_P_IP) || packet->ip.protocol != IPPROTO_UDP) return XDP_PASS;
  __u16 port = bpf_ntohs(packet->udp.dest);
  __u64* dropped = bpf_map_lookup_elem(&blocked, &port);
  if (!dropped) return port == ECHO_PORT ? send_back(packet) : XDP_PASS;
  __sync_fetch_and_add(dropped, 1);
  return XDP_DROP;
}

char LICENSE[] SEC("license") = "MIT";
