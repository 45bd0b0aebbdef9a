// What processes of a cgroup may do, and what they are told: one program for each of its hooks.
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define SOL_TCP 6
#define TCP_CONGESTION 13
#define OWN_LEVEL 0x7357

const volatile __u16 port = 7001;   // what programs ask for
const volatile __u16 other = 7002;  // what they get instead
__u64 hits;
__u64 trail;  // a digit for each program, in the order in which they ran

#define DENY 0
#define ALLOW 1

static __always_inline int hit(int verdict) {
  __sync_fetch_and_add(&hits, 1);
  return verdict;
}

static __always_inline int to_port(struct __sk_buff* skb) {
  __be16 found = 0;
  bpf_skb_load_bytes(skb, sizeof(struct iphdr) + offsetof(struct udphdr, dest), &found, sizeof(found));
  return found == bpf_htons(port);
}

static __always_inline int moved(struct bpf_sock_addr* ctx) {
  if (ctx->user_port != bpf_htons(port)) return ALLOW;
  ctx->user_port = bpf_htons(other);
  return hit(ALLOW);
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff* skb) {
  return to_port(skb) ? hit(DENY) : ALLOW;
}

SEC("cgroup_skb/ingress")
int ingress(struct __sk_buff* skb) {
  return to_port(skb) ? hit(DENY) : ALLOW;
}

// Its section does not say which direction.
SEC("?cgroup/skb")
int nowhere(struct __sk_buff* skb) {
  return ALLOW;
}

SEC("cgroup/sock_create")
int sock_create(struct bpf_sock* sk) {
  return sk->type == SOCK_DGRAM ? hit(DENY) : ALLOW;
}

SEC("cgroup/sock")
int sock(struct bpf_sock* sk) {
  return sk->type == SOCK_DGRAM ? hit(DENY) : ALLOW;
}

SEC("cgroup/sock_release")
int sock_release(struct bpf_sock* sk) {
  return hit(ALLOW);
}

SEC("cgroup/post_bind4")
int post_bind4(struct bpf_sock* sk) {
  return sk->src_port == port ? hit(DENY) : ALLOW;
}

SEC("cgroup/post_bind6")
int post_bind6(struct bpf_sock* sk) {
  return sk->src_port == port ? hit(DENY) : ALLOW;
}

SEC("cgroup/bind4")
int bind4(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/bind6")
int bind6(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/connect4")
int connect4(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/connect6")
int connect6(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/connect_unix")
int connect_unix(struct bpf_sock_addr* ctx) {
  return hit(DENY);
}

SEC("cgroup/sendmsg4")
int sendmsg4(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/sendmsg6")
int sendmsg6(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/sendmsg_unix")
int sendmsg_unix(struct bpf_sock_addr* ctx) {
  return hit(DENY);
}

SEC("cgroup/recvmsg4")
int recvmsg4(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/recvmsg6")
int recvmsg6(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/recvmsg_unix")
int recvmsg_unix(struct bpf_sock_addr* ctx) {
  return hit(ALLOW);
}

SEC("cgroup/getpeername4")
int getpeername4(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/getpeername6")
int getpeername6(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/getpeername_unix")
int getpeername_unix(struct bpf_sock_addr* ctx) {
  return hit(ALLOW);
}

SEC("cgroup/getsockname4")
int getsockname4(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/getsockname6")
int getsockname6(struct bpf_sock_addr* ctx) {
  return moved(ctx);
}

SEC("cgroup/getsockname_unix")
int getsockname_unix(struct bpf_sock_addr* ctx) {
  return hit(ALLOW);
}

// An option that no kernel has.
SEC("cgroup/getsockopt")
int getsockopt(struct bpf_sockopt* ctx) {
  __u8* value = ctx->optval;
  if (ctx->level != OWN_LEVEL || value + 1 > (__u8*)ctx->optval_end) return ALLOW;
  value[0] = 42;
  ctx->optlen = 1;
  ctx->retval = 0;
  return hit(ALLOW);
}

SEC("cgroup/setsockopt")
int setsockopt(struct bpf_sockopt* ctx) {
  return ctx->level == OWN_LEVEL ? hit(DENY) : ALLOW;
}

// kernel/ostype, and no other.
SEC("cgroup/sysctl")
int sysctl(struct bpf_sysctl* ctx) {
  char name[8] = {};
  bpf_sysctl_get_name(ctx, name, sizeof(name), BPF_F_SYSCTL_BASE_NAME);
  return name[0] == 'o' && name[2] == 't' && name[6] == 0 ? hit(DENY) : ALLOW;
}

// /dev/full.
SEC("cgroup/dev")
int dev(struct bpf_cgroup_dev_ctx* ctx) {
  return ctx->major == 1 && ctx->minor == 7 ? hit(DENY) : ALLOW;
}

static __always_inline int use(struct bpf_sock_ops* ctx, char* name, int size) {
  if (ctx->op != BPF_SOCK_OPS_TCP_CONNECT_CB) return ALLOW;
  bpf_setsockopt(ctx, SOL_TCP, TCP_CONGESTION, name, size);
  return hit(ALLOW);
}

SEC("sockops")
int use_reno(struct bpf_sock_ops* ctx) {
  char reno[] = "reno";
  return use(ctx, reno, sizeof(reno));
}

// Of this and the one before, the last has its way.
SEC("sockops")
int use_cubic(struct bpf_sock_ops* ctx) {
  char cubic[] = "cubic";
  return use(ctx, cubic, sizeof(cubic));
}

SEC("cgroup_skb/egress")
int mark(struct __sk_buff* skb) {
  skb->mark = OWN_LEVEL;
  return ALLOW;
}

// Denies what was marked before it.
SEC("cgroup_skb/egress")
int guard(struct __sk_buff* skb) {
  return skb->mark == OWN_LEVEL && to_port(skb) ? hit(DENY) : ALLOW;
}

SEC("lsm_cgroup/socket_bind")
int BPF_PROG(socket_bind, struct socket* socket, struct sockaddr* address, int length) {
  return hit(DENY);
}

SEC("cgroup/connect4")
int first(struct bpf_sock_addr* ctx) {
  trail = trail * 10 + 1;
  return ALLOW;
}

SEC("cgroup/connect4")
int second(struct bpf_sock_addr* ctx) {
  trail = trail * 10 + 2;
  return ALLOW;
}

char LICENSE[] SEC("license") = "GPL";
