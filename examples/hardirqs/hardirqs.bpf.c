// SPDX-License-Identifier: MIT
// How long handlers of interrupts run.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#include "../softirqs/irq-times.bpf.h"

/* A handler: interrupts may be shared. */
struct handler {
  __s32 irq;
  char name[32]; /* empty where it cannot be read */
};

/* The member that is read. */
struct irqaction___name {
  const char* name;
} __attribute__((preserve_access_index));

IRQ_TIMES(struct handler, 1024);

SEC("raw_tp/irq_handler_entry")
int entered(struct bpf_raw_tracepoint_args* ctx) {
  return irq_begins();
}

SEC("raw_tp/irq_handler_exit")
int left(struct bpf_raw_tracepoint_args* ctx) {
  struct handler handler = {.irq = ctx->args[0]};
  const char* name = BPF_CORE_READ((struct irqaction___name*)ctx->args[1], name);
  bpf_probe_read_kernel_str(handler.name, sizeof(handler.name), name);
  return irq_ends(&handler);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
