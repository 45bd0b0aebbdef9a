// The kernel's own struct_ops for tests.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("struct_ops/test_1")
int BPF_PROG(test_1, struct bpf_dummy_ops_state* state) {
  return 4321;
}

SEC(".struct_ops")
struct bpf_dummy_ops dummy = {
    .test_1 = (void*)test_1,
};

char LICENSE[] SEC("license") = "GPL";
