// What libbpf-ts.bpf.h brings, used as a newcomer would: with vmlinux.h and nothing else.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

FILTER_SELF();
HISTOGRAM(sizes);

const volatile __u64 watched = 0;  // the number of getppid(2) here

__u64 calls = 0;  // of whom the filter lets through
__u64 value = 0;  // what each of them counts in the histogram

SEC("raw_tp/sys_enter")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  if (ctx->args[1] != watched || !filter_self()) return 0;
  __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
  histogram_add(&sizes, value);
  return 0;
}

struct read {
  __u16 type;
  __u8 protocol;
  __u16 source;
  __u16 destination;
  __u32 rest;  // bytes behind the last header
};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 64 * 1024);
  __type(value, struct read[0]);
} reads SEC(".maps");

static __always_inline bool read_ports(struct packet* packet, struct read* read) {
  if (read->protocol == IPPROTO_UDP) {
    struct udphdr* udp = packet_udp(packet);
    if (!udp) return false;
    read->source = bpf_ntohs(udp->source);
    read->destination = bpf_ntohs(udp->dest);
  }
  if (read->protocol == IPPROTO_TCP) {
    struct tcphdr* tcp = packet_tcp(packet);
    if (!tcp) return false;
    read->source = bpf_ntohs(tcp->source);
    read->destination = bpf_ntohs(tcp->dest);
  }
  return true;
}

static __always_inline bool read_packet(struct packet* packet, struct read* read) {
  if (!packet_ethernet(packet, &read->type)) return false;
  if (read->type == ETH_P_IP) return packet_ipv4(packet, &read->protocol) && read_ports(packet, read);
  if (read->type == ETH_P_IPV6) return packet_ipv6(packet, &read->protocol) && read_ports(packet, read);
  return true;
}

SEC("xdp")
int read_frame(struct xdp_md* ctx) {
  struct packet packet = packet_of(ctx);
  struct read read = {};
  if (!read_packet(&packet, &read)) return XDP_DROP;
  read.rest = packet.end - packet.at;
  bpf_ringbuf_output(&reads, &read, sizeof(read), 0);
  return XDP_PASS;
}

SEC("tc")
int read_skb(struct __sk_buff* ctx) {
  struct packet packet = packet_of(ctx);
  struct read read = {};
  return read_packet(&packet, &read) ? TC_ACT_OK : TC_ACT_SHOT;
}

char LICENSE[] SEC("license") = "GPL";
