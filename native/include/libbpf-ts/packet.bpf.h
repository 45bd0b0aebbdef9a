// Packets of XDP and tc programs, header by header. Each function answers where a header begins and moves on
// behind it, or answers NULL where the packet is too short: the comparison with data_end that the verifier
// asks for.
//
//   struct packet packet = packet_of(ctx);
//   __u16 type;
//   __u8 protocol;
//   if (!packet_ethernet(&packet, &type) || type != ETH_P_IP) return XDP_PASS;
//   struct iphdr* ip = packet_ipv4(&packet, &protocol);
//   if (!ip || protocol != IPPROTO_UDP) return XDP_PASS;
//   struct udphdr* udp = packet_udp(&packet);
//   if (udp && udp->dest == bpf_htons(53)) return XDP_DROP;
//
// A tc program sees what is in the first piece of memory: bpf_skb_pull_data() brings more.
#pragma once

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "constants.bpf.h"

// How far a packet is read.
struct packet {
  void* at;
  void* end;
};

// The whole packet of a `struct xdp_md*` or `struct __sk_buff*`.
#define packet_of(ctx) ((struct packet){(void*)(long)(ctx)->data, (void*)(long)(ctx)->data_end})

// The next header of a type, or NULL: packet_take(&packet, struct arphdr).
#define packet_take(packet, type) ((type*)packet_take_bytes(packet, sizeof(type)))

static __always_inline void* packet_take_bytes(struct packet* packet, __u64 size) {
  void* start = packet->at;
  if (start + size > packet->end) return 0;
  packet->at = start + size;
  return start;
}

// A tag of IEEE 802.1Q.
struct packet_vlan {
  __be16 tag;
  __be16 type;
};

// The Ethernet header, and behind at most two VLAN tags `type`: ETH_P_IP, in this machine's byte order.
static __always_inline struct ethhdr* packet_ethernet(struct packet* packet, __u16* type) {
  struct ethhdr* ethernet = packet_take(packet, struct ethhdr);
  if (!ethernet) return 0;
  *type = bpf_ntohs(ethernet->h_proto);
  for (int tags = 0; tags < 2 && (*type == ETH_P_8021Q || *type == ETH_P_8021AD); tags++) {
    struct packet_vlan* vlan = packet_take(packet, struct packet_vlan);
    if (!vlan) return 0;
    *type = bpf_ntohs(vlan->type);
  }
  return ethernet;
}

// The IPv4 header with its options, and what follows: IPPROTO_TCP. In a fragment behind the first no header
// follows: `protocol` is IPPROTO_FRAGMENT then.
static __always_inline struct iphdr* packet_ipv4(struct packet* packet, __u8* protocol) {
  struct iphdr* ip = packet_take(packet, struct iphdr);
  if (!ip || ip->version != 4 || ip->ihl < 5) return 0;
  packet->at = (void*)ip + ip->ihl * 4;
  *protocol = ip->frag_off & bpf_htons(0x1fff) ? IPPROTO_FRAGMENT : ip->protocol;
  return ip;
}

// What all extensions of IPv6 begin with; a fragment's has no length, but its place.
struct packet_extension {
  __u8 next;
  __u8 length;
  __be16 fragment;
  __u8 rest[4];
};

// The IPv6 header with at most eight extensions, and what follows: IPPROTO_TCP. In a fragment behind the
// first no header follows: `protocol` is IPPROTO_FRAGMENT then.
static __always_inline struct ipv6hdr* packet_ipv6(struct packet* packet, __u8* protocol) {
  struct ipv6hdr* ip = packet_take(packet, struct ipv6hdr);
  if (!ip || ip->version != 6) return 0;
  __u8 next = ip->nexthdr;
  for (int extensions = 0; extensions < 8; extensions++) {
    if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS &&
        next != IPPROTO_FRAGMENT)
      break;
    struct packet_extension* extension = packet_take(packet, struct packet_extension);
    if (!extension) return 0;
    if (next != IPPROTO_FRAGMENT)
      packet->at += extension->length * 8;
    else if (extension->fragment & bpf_htons(0xfff8))
      break;
    next = extension->next;
  }
  *protocol = next;
  return ip;
}

// The TCP header with its options.
static __always_inline struct tcphdr* packet_tcp(struct packet* packet) {
  struct tcphdr* tcp = packet_take(packet, struct tcphdr);
  if (!tcp || tcp->doff < 5) return 0;
  packet->at = (void*)tcp + tcp->doff * 4;
  return tcp;
}

static __always_inline struct udphdr* packet_udp(struct packet* packet) {
  return packet_take(packet, struct udphdr);
}
