// SPDX-License-Identifier: MIT
// The cgroup of a task in one hierarchy: the second version's, or that of a controller of the first.
#pragma once

#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

struct cgroup_subsys_state___hierarchy {
  struct cgroup___filter* cgroup;
} __attribute__((preserve_access_index));

struct css_set___hierarchy {
  struct cgroup___filter* dfl_cgrp;
  struct cgroup_subsys_state___hierarchy* subsys[1];
} __attribute__((preserve_access_index));

/* `hierarchy` is 0 for the second version's, else the controller's number and one. */
static __always_inline struct cgroup___filter* cgroup_in(__u32 hierarchy, struct task_struct* task) {
  struct css_set___hierarchy* set = (void*)BPF_CORE_READ(task, cgroups);
  if (!hierarchy) return BPF_CORE_READ(set, dfl_cgrp);
  struct cgroup_subsys_state___hierarchy* state = 0;
  bpf_probe_read_kernel(
      &state, sizeof(state),
      (void*)set + bpf_core_field_offset(set->subsys) + (__u64)(hierarchy - 1) * sizeof(state));
  return BPF_CORE_READ(state, cgroup);
}
