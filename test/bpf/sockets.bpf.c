// Sockets by themselves: found, chosen and spliced by programs. A sockops program gathers them.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u16 port = 7001;   // where a socket listens
const volatile __u16 other = 7002;  // where none does
__u64 hits;

struct {
  __uint(type, BPF_MAP_TYPE_SOCKMAP);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} listeners SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_SOCKMAP);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} streams SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u64);
} group SEC(".maps");

SEC("sockops")
int gather_listeners(struct bpf_sock_ops* ctx) {
  __u32 zero = 0;
  if (ctx->op == BPF_SOCK_OPS_TCP_LISTEN_CB && ctx->local_port == port)
    bpf_sock_map_update(ctx, &listeners, &zero, BPF_ANY);
  return 1;
}

SEC("sockops")
int gather_servers(struct bpf_sock_ops* ctx) {
  __u32 zero = 0;
  if (ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB && ctx->local_port == port)
    bpf_sock_map_update(ctx, &streams, &zero, BPF_ANY);
  return 1;
}

SEC("sockops")
int gather_clients(struct bpf_sock_ops* ctx) {
  __u32 zero = 0;
  if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) bpf_sock_map_update(ctx, &streams, &zero, BPF_ANY);
  return 1;
}

SEC("sk_lookup")
int steer(struct bpf_sk_lookup* ctx) {
  __u32 zero = 0;
  if (ctx->local_port != other) return SK_PASS;
  struct bpf_sock* sk = bpf_map_lookup_elem(&listeners, &zero);
  if (!sk) return SK_PASS;
  bpf_sk_assign(ctx, sk, 0);
  bpf_sk_release(sk);
  __sync_fetch_and_add(&hits, 1);
  return SK_PASS;
}

// The second socket of the group, always.
SEC("sk_reuseport")
int choose(struct sk_reuseport_md* ctx) {
  __u32 one = 1;
  __sync_fetch_and_add(&hits, 1);
  bpf_sk_select_reuseport(ctx, &group, &one, 0);
  return SK_PASS;
}

// Also asked when a socket of the group closes, for its connections.
SEC("?sk_reuseport/migrate")
int choose_again(struct sk_reuseport_md* ctx) {
  __u32 one = 1;
  __sync_fetch_and_add(&hits, 1);
  bpf_sk_select_reuseport(ctx, &group, &one, 0);
  return SK_PASS;
}

// Its section does not say which hook.
SEC("?sk_skb")
int nowhere(struct __sk_buff* skb) {
  return SK_PASS;
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff* skb) {
  return skb->len;
}

static __always_inline int back(struct __sk_buff* skb) {
  __sync_fetch_and_add(&hits, 1);
  return bpf_sk_redirect_map(skb, &streams, 0, 0);
}

SEC("sk_skb/stream_verdict")
int echo_stream(struct __sk_buff* skb) {
  return back(skb);
}

SEC("sk_skb/verdict")
int echo(struct __sk_buff* skb) {
  return back(skb);
}

SEC("sk_msg")
int refuse(struct sk_msg_md* ctx) {
  __sync_fetch_and_add(&hits, 1);
  return SK_DROP;
}

char LICENSE[] SEC("license") = "GPL";
