// Executions by children of one process, from a tracepoint whose arguments have their types.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __u32 parent_pid = 0;  // only its children count

__u32 executed_pid;
char executed_path[64];

SEC("tp_btf/sched_process_exec")
int BPF_PROG(executed, struct task_struct* task, pid_t old_pid, struct linux_binprm* program) {
  if ((__u32)task->real_parent->tgid != parent_pid) return 0;
  executed_pid = task->tgid;
  bpf_probe_read_kernel_str(executed_path, sizeof(executed_path), program->filename);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
