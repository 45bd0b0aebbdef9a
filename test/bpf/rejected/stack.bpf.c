// Rejected: the stack, registers and arithmetic.
#define BPF_NO_PRESERVE_ACCESS_INDEX
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "gallery.h"

SEC("?raw_tp/sys_enter")
int stack_unset(void* ctx) {
  asm volatile("r0 = *(u64*)(r10 - 8)" ::: "r0");  // stack_unset is rejected: uninitialized-stack until 6.3
  return 0;
}

SEC("?raw_tp/sys_enter")
int stack_below(void* ctx) {
  asm volatile("*(u64*)(r10 - 520) = r1");  // stack_below is rejected: stack-bounds
  return 0;
}

SEC("?raw_tp/sys_enter")
int stack_above(void* ctx) {
  asm volatile("*(u64*)(r10 + 8) = r1");  // stack_above is rejected: stack-bounds
  return 0;
}

SEC("?raw_tp/sys_enter")
int stack_index(void* ctx) {
  volatile char text[16] = {};
  text[bpf_get_prandom_u32() & 31] = 1;  // stack_index is rejected: stack-bounds
  return 0;
}

SEC("?raw_tp/sys_enter")
int stack_argument(void* ctx) {
  char text[16];
  bpf_get_current_comm(text, 32);  // stack_argument is rejected: stack-bounds
  return text[0];
}

SEC("?raw_tp/sys_enter")
int stack_misaligned(void* ctx) {
  asm volatile("*(u64*)(r10 - 12) = r1");  // stack_misaligned is rejected: misaligned
  return 0;
}

static __noinline int large_callee(struct __sk_buff* skb) {
  char text[300];
  bpf_skb_load_bytes(skb, 0, text, sizeof(text));
  return text[1];
}

// Newer kernels give programs that trace a stack for each function.
SEC("?tc")
int stack_combined(struct __sk_buff* skb) {  // stack_combined is rejected: stack-size
  char text[300];
  bpf_skb_load_bytes(skb, 0, text, sizeof(text));
  return large_callee(skb) + text[1];
}

#define FRAME(name, next) \
  static __noinline int name(void* ctx) { return next(ctx) + 1; }
#define FOUR_FRAMES(name, next) \
  FRAME(name##3, next) FRAME(name##2, name##3) FRAME(name##1, name##2) FRAME(name, name##1)
#define TWENTY_FRAMES(name, next) \
  FOUR_FRAMES(name##e, next)      \
  FOUR_FRAMES(name##d, name##e)   \
  FOUR_FRAMES(name##c, name##d) FOUR_FRAMES(name##b, name##c) FOUR_FRAMES(name, name##b)

static __noinline int innermost(void* ctx) {
  return bpf_get_prandom_u32();
}

TWENTY_FRAMES(frame, innermost)  // frames_too_many is rejected: call-depth

SEC("?raw_tp/sys_enter")
int frames_too_many(void* ctx) {
  return frame(ctx);
}

SEC("?raw_tp/sys_enter")
int register_unset(void* ctx) {
  asm volatile("r0 = r7" ::: "r0");  // register_unset is rejected: uninitialized-register
  return 0;
}

SEC("?raw_tp/sys_enter")
int register_stale(void* ctx) {
  bpf_get_prandom_u32();
  asm volatile("r0 = r1" ::: "r0");  // register_stale is rejected: uninitialized-register
  return 0;
}

SEC("?raw_tp/sys_enter")
int pointer_doubled(void* ctx) {
  asm volatile("r2 = r10; r2 *= 2" ::: "r2");  // pointer_doubled is rejected: pointer-arithmetic
  return 0;
}

SEC("?raw_tp/sys_enter")
int pointers_added(void* ctx) {
  asm volatile("r2 = r10; r2 += r10" ::: "r2");  // pointers_added is rejected: pointer-arithmetic
  return 0;
}

SEC("?raw_tp/sys_enter")
int frame_pointer_set(void* ctx) {
  asm volatile("r10 = 0");  // frame_pointer_set is rejected: frame-pointer
  return 0;
}

SEC("?raw_tp/sys_enter")
int shifted_out(void* ctx) {
  asm volatile("r0 = 1; r0 <<= 64" ::: "r0");  // shifted_out is rejected: arithmetic
  return 0;
}

SEC("?raw_tp/sys_enter")
int divided_by_zero(void* ctx) {
  asm volatile("r0 = 1; r0 /= 0" ::: "r0");  // divided_by_zero is rejected: arithmetic
  return 0;
}

__u64 counter;

SEC("?raw_tp/sys_enter")
int fetched(void* ctx) {  // fetched is rejected: unknown-instruction until 5.12
  return __sync_fetch_and_add(&counter, 1);
}

char LICENSE[] SEC("license") = "GPL";
