// A program that writes to its streams when its process calls the watched system call.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u32 target_pid = 0;
const volatile __s64 watched = 0;

__u32 calls;

// Linux 6.18 calls it so; later ones know the last argument themselves, under the first name.
extern int bpf_stream_vprintk_impl(int stream_id, const char* fmt__str, const void* args, __u32 len__sz,
                                   void* aux__prog) __weak __ksym;
extern int bpf_stream_vprintk(int stream_id, const char* fmt__str, const void* args,
                              __u32 len__sz) __weak __ksym;

static const char out[] = "call %llu\n";
static const char err[] = "wrong %llu\nand more";

static __always_inline void say(int stream, const char* format, __u64 number) {
  if (bpf_ksym_exists(bpf_stream_vprintk))
    bpf_stream_vprintk(stream, format, &number, sizeof(number));
  else if (bpf_ksym_exists(bpf_stream_vprintk_impl))
    bpf_stream_vprintk_impl(stream, format, &number, sizeof(number), NULL);
}

static int ours(struct bpf_raw_tracepoint_args* ctx) {
  return bpf_get_current_pid_tgid() >> 32 == target_pid && (__s64)ctx->args[1] == watched;
}

SEC("raw_tp/sys_enter")
int says(struct bpf_raw_tracepoint_args* ctx) {
  if (!ours(ctx)) return 0;
  calls++;
  say(1, out, calls);
  if (calls % 10 == 0) say(2, err, calls);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
