// Rejected: what is acquired and not released, released and not acquired, locked and not unlocked.
#define BPF_NO_PRESERVE_ACCESS_INDEX
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "gallery.h"

struct guarded {
  struct bpf_spin_lock lock;
  __u32 count;
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct guarded);
} guarded SEC(".maps");

SEC("?raw_tp/sys_enter")
int reservation_lost(void* ctx) {
  __u64* event = bpf_ringbuf_reserve(&events, 8, 0);  // reservation_lost is rejected: unreleased-reference
  if (!event) return 0;
  *event = 1;
  return 0;
}

SEC("?raw_tp/sys_enter")
int submitted_twice(void* ctx) {
  __u64* event = bpf_ringbuf_reserve(&events, 8, 0);
  if (!event) return 0;
  bpf_ringbuf_submit(event, 0);
  bpf_ringbuf_submit(event, 0);  // submitted_twice is rejected: unowned-release
  return 0;
}

SEC("?tc")
int socket_lost(struct __sk_buff* skb) {
  struct bpf_sock_tuple key = {};
  struct bpf_sock* socket;
  socket = bpf_sk_lookup_tcp(skb, &key, 12, -1, 0);  // socket_lost is rejected: unreleased-reference
  return socket != 0;
}

SEC("?tc")
int socket_unchecked(struct __sk_buff* skb) {
  struct bpf_sock_tuple tuple = {};
  struct bpf_sock* socket = bpf_sk_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), -1, 0);
  bpf_sk_release(socket);  // socket_unchecked is rejected: null-check
  return 0;
}

SEC("?tc")
int socket_not_ours(struct __sk_buff* skb) {
  struct bpf_sock* socket = skb->sk;
  if (!socket) return 0;
  bpf_sk_release(socket);  // socket_not_ours is rejected: unowned-release
  return 0;
}

SEC("?tc")
int lock_and_call(struct __sk_buff* skb) {
  struct guarded* value = bpf_map_lookup_elem(&guarded, &zero);
  if (!value) return 0;
  bpf_spin_lock(&value->lock);
  value->count = bpf_get_prandom_u32();  // lock_and_call is rejected: spin-lock
  bpf_spin_unlock(&value->lock);
  return 0;
}

SEC("?tc")
int lock_twice(struct __sk_buff* skb) {
  struct guarded* value = bpf_map_lookup_elem(&guarded, &zero);
  if (!value) return 0;
  bpf_spin_lock(&value->lock);
  bpf_spin_lock(&value->lock);  // lock_twice is rejected: spin-lock
  bpf_spin_unlock(&value->lock);
  return 0;
}

SEC("?tc")
int lock_kept(struct __sk_buff* skb) {
  struct guarded* value = bpf_map_lookup_elem(&guarded, &zero);
  if (!value) return 0;
  bpf_spin_lock(&value->lock);
  value->count = 1;
  return 0;
}  // lock_kept is rejected: spin-lock

char LICENSE[] SEC("license") = "GPL";
