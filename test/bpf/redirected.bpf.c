// Packets that XDP moves: to another interface, where a program sees them leave, to another CPU, or to a
// socket.
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800

__u64 left;     // pings that took an interface of the map
__u64 arrived;  // pings that came to a CPU of the map
__u64 cpu;      // the last such one

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, struct bpf_devmap_val);
} ports SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_CPUMAP);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, struct bpf_cpumap_val);
} cpus SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_XSKMAP);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u32);
} queues SEC(".maps");

const volatile __u32 chosen = 0;  // a CPU

static int is_ping(struct xdp_md* ctx) {
  void *data = (void*)(long)ctx->data, *end = (void*)(long)ctx->data_end;
  struct ethhdr* ethernet = data;
  struct iphdr* ip = data + sizeof(*ethernet);
  if ((void*)(ip + 1) > end) return 0;
  return ethernet->h_proto == bpf_htons(ETH_P_IP) && ip->protocol == IPPROTO_ICMP;
}

SEC("xdp")
int to_first(struct xdp_md* ctx) {
  return bpf_redirect_map(&ports, 0, 0);
}

SEC("xdp")
int to_second(struct xdp_md* ctx) {
  return bpf_redirect_map(&ports, 1, 0);
}

SEC("xdp/devmap")
int leaving(struct xdp_md* ctx) {
  if (is_ping(ctx)) __sync_fetch_and_add(&left, 1);
  return XDP_PASS;
}

SEC("xdp")
int to_cpu(struct xdp_md* ctx) {
  return bpf_redirect_map(&cpus, chosen, 0);
}

SEC("xdp/cpumap")
int arriving(struct xdp_md* ctx) {
  if (!is_ping(ctx)) return XDP_PASS;
  cpu = bpf_get_smp_processor_id();
  __sync_fetch_and_add(&arrived, 1);
  return XDP_PASS;
}

// Pings go to the socket of their queue; where there is none, on to the kernel.
SEC("xdp")
int to_socket(struct xdp_md* ctx) {
  return is_ping(ctx) ? bpf_redirect_map(&queues, ctx->rx_queue_index, XDP_PASS) : XDP_PASS;
}

// A cable's end takes what is redirected to the other one once it has a program of its own.
SEC("xdp")
int pass(struct xdp_md* ctx) {
  return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
