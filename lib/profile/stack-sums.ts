/** Sums for each stack, kept in the kernel: a stack travels to us once, when it is first met. */
import { bytes, map, struct, u32, u64 } from '../doors/codec.js';
import { type BpfMap, type CgroupArray, createMap, type PerCpuArray, type RingBuffer } from '../index.js';
import { createTree, type ProcessTreeMap } from './process-tree.js';
import { parseStackRecord, record, type StackRecord, stackBytes } from './stack-record.js';

/** What is counted for a stack; what the two sums are is each program's own. */
export interface StackSum {
  /** Whether the stack was sent to us. */
  readonly sent: bigint;
  readonly count: bigint;
  readonly first: bigint;
  readonly second: bigint;
}

/** Where each member of {@link StackSum} is, in bytes. */
export const sumAt = { sent: 0, count: 8, first: 16, second: 24 } as const;

const stackSum = struct<StackSum>('struct stack_sum', 32, {
  sent: [sumAt.sent, u64],
  count: [sumAt.count, u64],
  first: [sumAt.first, u64],
  second: [sumAt.second, u64],
});

/** Stacks wait here until they are read: tens of thousands that are met in the same moment. */
const ringBytes = 16 * 2 ** 20;
/** Of different stacks; what is beyond it is counted as lost. */
const mostStacks = 2 ** 17;

interface Maps {
  readonly ring: RingBuffer<Uint8Array>;
  /** One record for each CPU, in which it is put together. */
  readonly scratch: PerCpuArray<number, Uint8Array>;
  readonly sums: BpfMap<bigint, StackSum>;
  readonly lost: PerCpuArray<number, bigint>;
  readonly cgroups: CgroupArray;
  readonly tree: ProcessTreeMap;
}

/** The maps that the programs of a profile share. */
export class StackSums {
  readonly maps: Maps;

  private constructor(maps: Maps) {
    this.maps = maps;
  }

  /** All of the maps, or none. */
  static async create(): Promise<StackSums> {
    const one = { maxEntries: 1 };
    const made: Partial<{ -readonly [Name in keyof Maps]: Maps[Name] }> = {};
    try {
      made.ring = await createMap(map('ringbuf', undefined, bytes()), { maxEntries: ringBytes });
      made.scratch = await createMap(map('percpu_array', u32, bytes(record.size)), one);
      made.sums = await createMap(map('hash', u64, stackSum), { maxEntries: mostStacks });
      made.lost = await createMap(map('percpu_array', u32, u64), one);
      made.cgroups = await createMap(map('cgroup_array'), one);
      made.tree = await createTree();
      return new StackSums(made as Maps);
    } catch (error) {
      for (const each of Object.values(made)) await each.close();
      throw error;
    }
  }

  /** Stacks that were first met since the last look. */
  take(): StackRecord[] {
    return this.maps.ring.drain().map(parseStackRecord);
  }

  /** What was counted, by the id of the stack. */
  read(): Promise<(readonly [id: bigint, sum: StackSum])[]> {
    return this.maps.sums.snapshot();
  }

  /** How many times there was no room to count. */
  get lost(): number {
    return Number((this.maps.lost.get(0) ?? []).reduce((sum, each) => sum + each, 0n));
  }

  /**
   * Assembly that takes the current task's stacks and finds their sum.
   *
   * Takes the context in r6, what bpf_get_current_pid_tgid() gave in r7, the task's state in r9; leaves the sum's address
   * in r7 and the record's in r8. Goes to `out` where there is no room, which is counted. Its own labels begin with `stack_`.
   *
   * @param stacks - the process's alone where the kernel's is that of the probe itself
   */
  capture(stacks: 'both' | 'user' = 'both'): string {
    const { scratch, ring, sums } = this.maps;
    return `
      *(u32 *)(r10 -4) = 0
      r1 = map[fd:${scratch.fd}]
      r2 = r10
      r2 += -4
      call bpf_map_lookup_elem
      if r0 == 0 goto out
      r8 = r0
      r7 >>= 32
      *(u32 *)(r8 +${record.pid}) = r7
      *(u32 *)(r8 +${record.state}) = r9
      r1 = r8
      r1 += ${record.comm}
      r2 = ${record.kernelBytes - record.comm}
      call bpf_get_current_comm
      ${stacks === 'both' ? takeKernelStack : noKernelStack}
      ${takeUserStack}
      ${hashRecord}
      r1 = map[fd:${sums.fd}]
      r2 = r8
      call bpf_map_lookup_elem
      if r0 != 0 goto stack_known
      *(u64 *)(r10 -16) = 0
      *(u64 *)(r10 -24) = 0
      *(u64 *)(r10 -32) = 0
      *(u64 *)(r10 -40) = 0
      r1 = map[fd:${sums.fd}]
      r2 = r8
      r3 = r10
      r3 += -40
      r4 = 1 // BPF_NOEXIST
      call bpf_map_update_elem
      r1 = map[fd:${sums.fd}]
      r2 = r8
      call bpf_map_lookup_elem
      if r0 != 0 goto stack_known
      ${this.countLost()}
      goto out
    stack_known:
      r7 = r0
      r1 = *(u64 *)(r7 +${sumAt.sent})
      if r1 != 0 goto stack_sent
      *(u64 *)(r7 +${sumAt.sent}) = 1
      r1 = map[fd:${ring.fd}]
      r2 = r8
      r3 = r9
      r4 = 0
      call bpf_ringbuf_output
      if r0 == 0 goto stack_sent
      *(u64 *)(r7 +${sumAt.sent}) = 0 // the next time it is tried again
    stack_sent:`;
  }

  /** Assembly that counts one more as lost. */
  countLost(): string {
    return `
      *(u32 *)(r10 -4) = 0
      r1 = map[fd:${this.maps.lost.fd}]
      r2 = r10
      r2 += -4
      call bpf_map_lookup_elem
      if r0 == 0 goto out
      r1 = 1
      lock *(u64 *)(r0 +0) += r1`;
  }
}

/** `BPF_F_USER_STACK` of uapi/linux/bpf.h. */
const userStack = 256;
/** Of a stack's length in bytes, what is kept of it for the verifier to see its bounds. */
const lengthMask = 0x3f8;

/** Its length goes to r9. */
const takeKernelStack = `
      r1 = r6
      r2 = r8
      r2 += ${record.stacks}
      r3 = ${stackBytes}
      r4 = 0
      call bpf_get_stack
      if r0 s> 0 goto stack_kernel
      r0 = 0
    stack_kernel:
      r9 = r0
      r9 &= ${lengthMask}
      *(u32 *)(r8 +${record.kernelBytes}) = r9`;

const noKernelStack = `
      r9 = 0
      *(u32 *)(r8 +${record.kernelBytes}) = r9`;

/** It goes behind the kernel's; the length of the record up to its end goes to r9. */
const takeUserStack = `
      r1 = r6
      r2 = r8
      r2 += r9
      r2 += ${record.stacks}
      r3 = ${stackBytes}
      r4 = ${userStack}
      call bpf_get_stack
      if r0 s> 0 goto stack_user
      r0 = 0
    stack_user:
      r0 &= ${lengthMask}
      *(u32 *)(r8 +${record.userBytes}) = r0
      r9 += r0
      r9 += ${record.stacks}`;

/** A 64-bit hash of the record, word by word: each is mixed in by an odd factor, and high bits are brought down. */
const hashRecord = `
      r1 = 0xcbf29ce484222325 ll
      r3 = 0x9e3779b97f4a7c15 ll
      r2 = ${record.pid}
    stack_hash:
      if r2 >= r9 goto stack_hashed
      if r2 >= ${record.size} goto stack_hashed
      r4 = r8
      r4 += r2
      r4 = *(u64 *)(r4 +0)
      r1 ^= r4
      r1 *= r3
      r4 = r1
      r4 >>= 29
      r1 ^= r4
      r2 += 8
      goto stack_hash
    stack_hashed:
      *(u64 *)(r8 +${record.id}) = r1`;
