/** Whose work a profile is of, as the BPF programs decide it. */
import type { CgroupArray } from '../index.js';

/** A process's, a cgroup's by its folder and of those below it, or all. */
export type ProfileTarget = { readonly pid: number } | { readonly cgroup: string } | { readonly all: true };

/**
 * Assembly that goes to `out` where the current task is not the target's, or is a CPU's idle task.
 * Takes what bpf_get_current_pid_tgid() gave in r7.
 */
export function leaveUnlessWanted(target: ProfileTarget, cgroups: CgroupArray): string {
  const isIdle = `
    r1 = r7
    r1 >>= 32
    if r1 == 0 goto out`;
  if ('pid' in target) return `${isIdle}\n if r1 != ${target.pid} goto out`;
  if ('all' in target) return isIdle;
  return `${isIdle}
    r1 = map[fd:${cgroups.fd}]
    r2 = 0
    call bpf_current_task_under_cgroup
    if r0 != 1 goto out`;
}
