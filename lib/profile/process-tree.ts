/** The processes that one starts, and those that they start, from now on. */
import { readFile } from 'node:fs/promises';
import { asm, type Insn } from '../doors/asm.js';
import { map, u8, u32 } from '../doors/codec.js';
import { assembled, type BpfMap, createMap, type LoadedObject } from '../index.js';

/** The living ones, by their numbers. */
export type ProcessTreeMap = BpfMap<number, number>;

/** Processes that are followed at most. */
const mostProcesses = 2 ** 16;

export function createTree(): Promise<ProcessTreeMap> {
  return createMap(map('hash', u32, u8), { maxEntries: mostProcesses, flags: ['no_prealloc'] });
}

/** Follows forks and ends until it is closed. @throws BpfError where tracepoints cannot be attached to. */
export async function followTree(root: number, tree: ProcessTreeMap): Promise<LoadedObject> {
  const programs = {
    forked: {
      section: 'tracepoint/sched/sched_process_fork',
      insns: forkProgram(root, tree, await childOffset()),
    },
    exited: { section: 'tracepoint/sched/sched_process_exit', insns: exitProgram(tree) },
  } as const;
  const bpf = await assembled('tree', programs).load();
  try {
    await bpf.attach();
    return bpf;
  } catch (error) {
    await bpf.close();
    throw error;
  }
}

/** Where a record of `sched_process_fork` has the child's number: before Linux 6.16 names stood in it with 16 bytes each. */
async function childOffset(): Promise<number> {
  const event = 'tracing/events/sched/sched_process_fork/format';
  const format = await readFile(`/sys/kernel/${event}`, 'utf8')
    .catch(() => readFile(`/sys/kernel/debug/${event}`, 'utf8'))
    .catch(() => '');
  return Number(/ child_pid;\s*offset:(\d+);/.exec(format)?.[1] ?? 44);
}

/** The current task is the one that forks. A new thread's number is noted too, which does no harm: it is no process's. */
function forkProgram(root: number, tree: ProcessTreeMap, child: number): Insn[] {
  return asm`
    r6 = r1
    call bpf_get_current_pid_tgid
    r0 >>= 32
    if r0 == ${root} goto follow
    *(u32 *)(r10 -4) = r0
    r1 = ${tree}
    r2 = r10
    r2 += -4
    call bpf_map_lookup_elem
    if r0 == 0 goto out
  follow:
    r1 = *(u32 *)(r6 +${child})
    *(u32 *)(r10 -4) = r1
    *(u8 *)(r10 -8) = 1
    r1 = ${tree}
    r2 = r10
    r2 += -4
    r3 = r10
    r3 += -8
    r4 = 0
    call bpf_map_update_elem
  out:
    r0 = 0
    exit`;
}

/** The number of a thread that ends is a process's where it is its first. */
function exitProgram(tree: ProcessTreeMap): Insn[] {
  return asm`
    call bpf_get_current_pid_tgid
    *(u32 *)(r10 -4) = r0
    r1 = ${tree}
    r2 = r10
    r2 += -4
    call bpf_map_delete_elem
    r0 = 0
    exit`;
}
