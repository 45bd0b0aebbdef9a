// Rejected: what this kernel does not have, or does not let programs touch.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct task_struct___no {
  int none;
} __attribute__((preserve_access_index));

enum bpf_func_id___no {
  FUNC_NONE = 9999,
};

extern int bpf_no_such_kfunc(void) __ksym __weak;

SEC("?raw_tp/sys_enter")
int field_missing(void* ctx) {
  return bpf_core_field_offset(struct task_struct___no, none);  // field_missing is rejected: core-relocation
}

SEC("?raw_tp/sys_enter")
int enum_missing(void* ctx) {
  return bpf_core_enum_value(enum bpf_func_id___no, FUNC_NONE);  // enum_missing is rejected: core-relocation
}

SEC("?raw_tp/sys_enter")
int kfunc_missing(void* ctx) {
  return bpf_no_such_kfunc();  // kfunc_missing is rejected: missing-kfunc
}

SEC("?tp_btf/sched_process_exit")
int argument_too_many(__u64* ctx) {
  return ((volatile __u64*)ctx)[9];  // argument_too_many is rejected: context-access
}

SEC("?tp_btf/sched_process_exit")
int struct_behind_end(__u64* ctx) {
  volatile char* task = (void*)ctx[0];
  return task[1000000];  // struct_behind_end is rejected: struct-bounds
}

SEC("?tp_btf/sched_process_exit")
int struct_written(__u64* ctx) {
  volatile int* task = (void*)ctx[0];
  *task = 0;  // struct_written is rejected: read-only
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
