/** Settings of the kernel for BPF and tracing (Documentation/admin-guide/sysctl/kernel.rst and net.rst there). */

import { existsSync } from 'node:fs';
import { securityModules } from './active-lsm.js';
import { isOlderThan, kernelBtfPath, kernelRelease } from './kernel.js';
import { textIfTold } from './system-file.js';

/** Settings of the kernel; undefined is what cannot be read. */
export interface Settings {
  /** As `uname -r` gives it. */
  readonly release: string;
  /** True where the kernel has its own types, which CO-RE needs. */
  readonly btf: boolean;
  /** `kernel.unprivileged_bpf_disabled`: 0 allows it, 1 forbids it for good, 2 until it is set. */
  readonly unprivilegedBpfDisabled: number | undefined;
  /**
   * `kernel.perf_event_paranoid`: from 2 on, kernel events take CAP_PERFMON (perf_allow_kernel() in
   * kernel/events/core.c).
   */
  readonly perfEventParanoid: number | undefined;
  /**
   * `kernel.kptr_restrict`: at 1 addresses of symbols take CAP_SYSLOG, from 2 on no process sees them; at 0 they
   * take it where `perf_event_paranoid` is above 1 (kallsyms_show_value() in kernel/ksyms_common.c).
   */
  readonly kptrRestrict: number | undefined;
  /** `net.core.bpf_jit_enable`; 0 is the interpreter. */
  readonly jit: number | undefined;
  /**
   * `net.core.bpf_jit_harden`: 1 blinds constants of unprivileged programs, 2 of all (bpf_jit_blinding_enabled() in
   * include/linux/filter.h).
   */
  readonly jitHardening: number | undefined;
  /** The active mode, as `integrity`, which forbids some reading and writing of kernel memory (kernel_lockdown(7)). */
  readonly lockdown: string | undefined;
  /** Active security modules; BPF LSM programs run only if `bpf` is one. */
  readonly securityModules: readonly string[] | undefined;
  /**
   * What limits the memory of maps: the cgroup (bpf_map_kmalloc_node() in kernel/bpf/syscall.c), or before Linux 5.11
   * RLIMIT_MEMLOCK.
   */
  readonly memory: 'cgroup' | 'rlimit';
  /** RLIMIT_MEMLOCK in bytes; Infinity where it is unlimited. */
  readonly memlock: number;
}

/** Reads /proc and /sys. */
export function settings(): Settings {
  return {
    release: kernelRelease,
    btf: existsSync(kernelBtfPath),
    unprivilegedBpfDisabled: number('kernel/unprivileged_bpf_disabled'),
    perfEventParanoid: number('kernel/perf_event_paranoid'),
    kptrRestrict: number('kernel/kptr_restrict'),
    jit: number('net/core/bpf_jit_enable'),
    jitHardening: number('net/core/bpf_jit_harden'),
    lockdown: lockdown(),
    securityModules: securityModules(),
    memory: isOlderThan('5.11') ? 'rlimit' : 'cgroup',
    memlock: memlock(),
  };
}

/** The mode in brackets, as in `none [integrity] confidentiality`. */
export function lockdown(): string | undefined {
  return textIfTold('/sys/kernel/security/lockdown')?.match(/\[(\w+)\]/)?.[1];
}

function memlock(): number {
  const limit = textIfTold('/proc/self/limits')?.match(/^Max locked memory\s+(\S+)/m)?.[1];
  return limit === undefined || limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}

function number(setting: string): number | undefined {
  const text = textIfTold(`/proc/sys/${setting}`);
  return text === undefined ? undefined : Number(text);
}
