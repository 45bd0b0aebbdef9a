// SPDX-License-Identifier: MIT
// Questions to servers of names by UDP, and their answers. A question is of the thread that sends it; an
// answer is known by its network, ports, address and number.
#define MOST_SUMS 256
#include "sums.bpf.h"

#include <bpf/bpf_endian.h>

/* The numbers are those of dns.ts. */
enum { questions = 1, answers = 2 };

#define DNS_PORT 53
#define DNS_IS_ANSWER 0x8000 /* RFC 1035, section 4.1.1 */
#define DNS_CODE 0x000f

struct dns_header {
  __be16 id;
  __be16 flags;
};

/* The members that are read. */
struct net_device___dns {
  struct {
    void* net;
  } nd_net;
} __attribute__((preserve_access_index));

struct sk_buff___dns {
  struct net_device___dns* dev;
  void* sk;
  unsigned char* head;
  unsigned char* data;
  __u16 network_header;
} __attribute__((preserve_access_index));

struct question {
  __u64 network;
  __u8 server[16]; /* the first four bytes for IPv4 */
  __u16 port;      /* that the question was sent from */
  __u16 id;
  __u32 unused;
};

struct asked {
  __u64 since;
  struct owned by;
};

/* Questions that wait for their answer; the oldest ones go where there are many that never get one. */
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 8192);
  __type(key, struct question);
  __type(value, struct asked);
} pending SEC(".maps");

/* What of a packet matters. */
struct message {
  struct question question;
  __u16 to;
  __u16 from;
  __u16 flags;
};

/* Reads the addresses of a packet, and answers where its header of UDP is; NULL where it has none. */
static __always_inline void* read_addresses(void* start, bool is_answer, struct question* question) {
  __u8 first = 0;
  bpf_probe_read_kernel(&first, sizeof(first), start);
  if (first >> 4 == 4) {
    struct iphdr ip;
    bpf_probe_read_kernel(&ip, sizeof(ip), start);
    if (ip.protocol != IPPROTO_UDP) return NULL;
    __builtin_memcpy(question->server, is_answer ? &ip.saddr : &ip.daddr, sizeof(ip.saddr));
    return start + (__u64)(first & 0x0f) * 4;
  }
  struct ipv6hdr ip;
  bpf_probe_read_kernel(&ip, sizeof(ip), start);
  if (first >> 4 != 6 || ip.nexthdr != IPPROTO_UDP) return NULL;
  __builtin_memcpy(question->server, is_answer ? &ip.saddr : &ip.daddr, sizeof(ip.saddr));
  return start + sizeof(ip);
}

/* False for what is no message of DNS in the direction that is looked for. */
static __always_inline bool read_message(struct sk_buff___dns* packet, void* start, bool is_answer,
                                         struct message* message) {
  void* at = read_addresses(start, is_answer, &message->question);
  if (!at) return false;
  struct udphdr udp;
  bpf_probe_read_kernel(&udp, sizeof(udp), at);
  if ((is_answer ? udp.source : udp.dest) != bpf_htons(DNS_PORT)) return false;
  struct dns_header dns;
  bpf_probe_read_kernel(&dns, sizeof(dns), at + sizeof(udp));
  message->flags = bpf_ntohs(dns.flags);
  message->question.id = dns.id;
  message->question.port = is_answer ? udp.dest : udp.source;
  message->question.network = (__u64)BPF_CORE_READ(packet, dev, nd_net.net);
  return is_answer == !!(message->flags & DNS_IS_ANSWER);
}

/* What another network only forwards has no socket: it is no second question. */
SEC("tp_btf/net_dev_queue")
int BPF_PROG(sent, struct sk_buff___dns* packet) {
  if (!packet->sk) return 0;
  struct message message = {};
  if (!read_message(packet, packet->head + packet->network_header, false, &message)) return 0;
  struct asked asked = {.by = owners_of_current(), .since = bpf_ktime_get_ns()};
  if (!is_owned(asked.by)) return 0;
  add(asked.by, questions, 0, 1);
  if (bpf_map_update_elem(&pending, &message.question, &asked, BPF_ANY)) miss();
  return 0;
}

/* The packet begins with its header of IP here (__netif_receive_skb_core() in net/core/dev.c). */
SEC("tp_btf/netif_receive_skb")
int BPF_PROG(came, struct sk_buff___dns* packet) {
  struct message message = {};
  if (!read_message(packet, packet->data, true, &message)) return 0;
  struct asked* asked = bpf_map_lookup_elem(&pending, &message.question);
  if (!asked) return 0;
  record(asked->by, answers, message.flags & DNS_CODE, bpf_ktime_get_ns() - asked->since);
  bpf_map_delete_elem(&pending, &message.question);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
