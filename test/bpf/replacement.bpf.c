// Takes the place of a function of another program.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("freplace/answering")
int better(__u32 question) {
  return 42;
}

char LICENSE[] SEC("license") = "GPL";
