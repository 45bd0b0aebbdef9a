// A jump table where compilers since clang 22 put that of a switch: by the length of the packet.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

// clang before 22 does not know `gotox r1`: its bytes stand for it.
SEC("socket")
__attribute__((naked)) int choose(struct __sk_buff* packet) {
  asm volatile(
      "r2 = *(u32*)(r1 + 0);"
      "r2 &= 3;"
      "r2 <<= 3;"
      "r1 = places ll;"
      "r1 += r2;"
      "r1 = *(u64*)(r1 + 0);"
      ".byte 0x0d, 0x01, 0, 0, 0, 0, 0, 0;"
      "first: r0 = 100; exit;"
      "second: r0 = 101; exit;"
      "third: r0 = 102; exit;"
      ".pushsection .jumptables, \"aw\", @progbits;"
      ".globl places;"
      ".type places, @object;"
      ".size places, 32;"
      "places: .quad third - choose, first - choose, second - choose, third - choose;"
      ".popsection;");
}

char LICENSE[] SEC("license") = "GPL";
