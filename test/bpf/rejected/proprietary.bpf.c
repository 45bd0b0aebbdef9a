// Rejected: what is for programs under the GPL alone.
#define BPF_NO_PRESERVE_ACCESS_INDEX
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("?raw_tp/sys_enter")
int helper_under_gpl(void* ctx) {
  char byte = 0;
  bpf_probe_read_kernel(&byte, 1, ctx);  // helper_under_gpl is rejected: gpl-only
  return byte;
}

char LICENSE[] SEC("license") = "Proprietary";
