// Probes in user code: counts and reports what each attachment saw.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 calls;
__u64 returns;
__u64 argument;
__s64 returned;
__u64 cookie;

SEC("uprobe")
int BPF_UPROBE(called, __u64 first) {
  argument = first;
  cookie = bpf_get_attach_cookie(ctx);
  __sync_fetch_and_add(&calls, 1);
  return 0;
}

SEC("uretprobe")
int BPF_URETPROBE(left, __s64 value) {
  returned = value;
  __sync_fetch_and_add(&returns, 1);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
