// SPDX-License-Identifier: MIT
// How long soft interrupts are worked on.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#include "irq-times.bpf.h"

IRQ_TIMES(__u32, 16);

SEC("raw_tp/softirq_entry")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  return irq_begins();
}

SEC("raw_tp/softirq_exit")
int left(struct bpf_raw_tracepoint_args* ctx) {
  __u32 vector = ctx->args[0];
  return irq_ends(&vector);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
