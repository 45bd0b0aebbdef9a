/** Whose work a profile is of, as the BPF programs decide it. */
import type { ProcessTreeMap } from './process-tree.js';

/** Threads that a profile measures: those that every given member fits. */
export interface ProfileTarget {
  /** A process, all its threads. */
  readonly pid?: number;
  /** The folder of a cgroup (version 2), with all below it. */
  readonly cgroup?: string;
  /** The processes that this one starts from now on, and those that they start; not itself. */
  readonly startedBy?: number;
  /** The whole machine, where neither of these is given. */
  readonly all?: true;
  /** Only this thread of it. */
  readonly tid?: number;
  /** Only threads of this user. */
  readonly uid?: number;
  /**
   * Only threads of this name; `web*`: those whose name begins so. The kernel keeps 15 bytes of a name (TASK_COMM_LEN in
   * include/linux/sched.h).
   */
  readonly comm?: string;
}

/** What decides beside the target itself. */
export interface TargetMaps {
  readonly cgroups: { readonly fd: number };
  readonly tree: ProcessTreeMap;
}

/**
 * Assembly that goes to `out` where the current task is not the target's, or is a CPU's idle task.
 * Takes what bpf_get_current_pid_tgid() gave in r7; uses the stack below -112.
 */
export function leaveUnlessWanted(target: ProfileTarget, maps: TargetMaps): string {
  const { pid, cgroup, startedBy, tid, uid, comm } = target;
  return [
    'r1 = r7',
    'r1 >>= 32',
    'if r1 == 0 goto out',
    ...(pid === undefined ? [] : [`if r1 != ${pid} goto out`]),
    ...(startedBy === undefined ? [] : [leaveUnlessInTree(maps.tree)]),
    ...(cgroup === undefined ? [] : [leaveUnlessInCgroup(maps.cgroups)]),
    ...(tid === undefined ? [] : ['w1 = w7', `if r1 != ${tid} goto out`]),
    ...(uid === undefined
      ? []
      : ['call bpf_get_current_uid_gid', 'w0 = w0', `r1 = ${uid} ll`, 'if r0 != r1 goto out']),
    ...(comm === undefined ? [] : [leaveUnlessNamed(comm)]),
  ].join('\n');
}

function leaveUnlessInTree({ fd }: ProcessTreeMap): string {
  return `
    *(u32 *)(r10 -116) = r1
    r1 = map[fd:${fd}]
    r2 = r10
    r2 += -116
    call bpf_map_lookup_elem
    if r0 == 0 goto out`;
}

function leaveUnlessInCgroup({ fd }: { readonly fd: number }): string {
  return `
    r1 = map[fd:${fd}]
    r2 = 0
    call bpf_current_task_under_cgroup
    if r0 != 1 goto out`;
}

/** Bytes of a thread's name, with its NUL: TASK_COMM_LEN in include/linux/sched.h. */
const nameBytes = 16;

/** Both halves of the name as words; of a beginning, the bits behind it are cleared. */
function leaveUnlessNamed(comm: string): string {
  const isBeginning = comm.endsWith('*');
  const wanted = new TextEncoder().encode(isBeginning ? comm.slice(0, -1) : comm).subarray(0, nameBytes - 1);
  const name = Buffer.alloc(nameBytes);
  name.set(wanted);
  const mask = Buffer.alloc(nameBytes, 0xff).fill(0, isBeginning ? wanted.length : nameBytes);
  const half = (at: number) => `
    r1 = *(u64 *)(r10 -${128 - at})
    r2 = 0x${mask.readBigUInt64LE(at).toString(16)} ll
    r1 &= r2
    r2 = 0x${name.readBigUInt64LE(at).toString(16)} ll
    if r1 != r2 goto out`;
  return `
    r1 = r10
    r1 += -128
    r2 = ${nameBytes}
    call bpf_get_current_comm
    ${half(0)}
    ${half(8)}`;
}
