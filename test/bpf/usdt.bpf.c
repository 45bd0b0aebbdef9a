// A user program's own probe: its arguments and its cookie.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

__u64 hits;
__s64 number;
char word[16];
__u64 cookie;

SEC("usdt")
int BPF_USDT(probed, __s64 first, char* second) {
  number = first;
  bpf_probe_read_user_str(word, sizeof(word), second);
  cookie = bpf_usdt_cookie(ctx);
  __atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
