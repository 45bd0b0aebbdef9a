/** The BPF programs of a profile of allocations: what `malloc()` and its like gave, and what `free()` took. */
import { asm, type Insn } from '../doors/asm.js';
import { type AllocationMaps, allocationAt, callAt } from './allocation-maps.js';
import { type StackSums, sumAt } from './stack-sums.js';

/** Where arguments and the returned value are in `struct pt_regs` (asm/ptrace.h), in bytes. */
const registers: Partial<Record<string, { arguments: readonly number[]; result: number }>> = {
  x64: { arguments: [112, 104, 96], result: 80 },
  arm64: { arguments: [0, 8, 16], result: 0 },
  riscv64: { arguments: [80, 88, 96], result: 80 },
};

/** Whether the programs know the registers of this processor. */
export const isArchitectureKnown = registers[process.arch] !== undefined;

/** By number; of the processor that this runs on. */
function argument(index: number): number {
  return registers[process.arch]?.arguments[index] ?? 0;
}

/** A function that allocates: which arguments say how much, and where the address goes. */
export interface Allocator {
  readonly name: string;
  /** One argument, or two that are multiplied. */
  readonly size: readonly number[];
  readonly out?: number;
  readonly old?: number;
}

/** Those of the C library and what replaces it (malloc(3), posix_memalign(3)). */
export const allocators: readonly Allocator[] = [
  { name: 'malloc', size: [0] },
  { name: 'calloc', size: [0, 1] },
  { name: 'realloc', old: 0, size: [1] },
  { name: 'reallocarray', old: 0, size: [1, 2] },
  { name: 'posix_memalign', out: 0, size: [2] },
  { name: 'aligned_alloc', size: [1] },
  { name: 'memalign', size: [1] },
  { name: 'valloc', size: [0] },
  { name: 'pvalloc', size: [0] },
];

/** Remembers a call. What it takes in exchange is taken out at once: its address may be given to another thread before we see the end. */
export function callProgram({ size, out, old }: Allocator, { live, calls }: AllocationMaps): Insn[] {
  const [one = 0, two] = size;
  return asm`
    r6 = r1
    call bpf_get_current_pid_tgid
    *(u64 *)(r10 -8) = r0
    r1 = *(u64 *)(r6 +${argument(one)})
    ${two === undefined ? '' : `r2 = *(u64 *)(r6 +${argument(two)}); r1 *= r2`}
    *(u64 *)(r10 -56) = r1
    r1 = 0
    ${out === undefined ? '' : `r1 = *(u64 *)(r6 +${argument(out)})`}
    *(u64 *)(r10 -48) = r1
    r1 = 0
    *(u64 *)(r10 -32) = r1
    *(u64 *)(r10 -24) = r1
    ${old === undefined ? '' : `r1 = *(u64 *)(r6 +${argument(old)})`}
    *(u64 *)(r10 -40) = r1
    if r1 == 0 goto remember
    r1 = ${live}
    r2 = r10
    r2 += -40
    call bpf_map_lookup_elem
    if r0 == 0 goto remember
    r1 = *(u64 *)(r0 +${allocationAt.size})
    *(u64 *)(r10 -32) = r1
    r1 = *(u64 *)(r0 +${allocationAt.id})
    *(u64 *)(r10 -24) = r1
    r1 = ${live}
    r2 = r10
    r2 += -40
    call bpf_map_delete_elem
  remember:
    r1 = ${calls}
    r2 = r10
    r2 += -8
    r3 = r10
    r3 += -56
    r4 = 0
    call bpf_map_update_elem
    r0 = 0
    exit`;
}

/** Counts what the call gave, and what it took in exchange as freed. */
export function returnProgram(sums: StackSums, { live, calls }: AllocationMaps): Insn[] {
  const result = registers[process.arch]?.result ?? 0;
  return asm`
    r6 = r1
    call bpf_get_current_pid_tgid
    r7 = r0
    *(u64 *)(r10 -48) = r7
    r1 = ${calls}
    r2 = r10
    r2 += -48
    call bpf_map_lookup_elem
    if r0 == 0 goto out
    r8 = r0
    r1 = *(u64 *)(r8 +${callAt.size})
    *(u64 *)(r10 -56) = r1
    r1 = *(u64 *)(r8 +${callAt.old})
    *(u64 *)(r10 -72) = r1
    r1 = *(u64 *)(r8 +${callAt.oldSize})
    *(u64 *)(r10 -88) = r1
    r1 = *(u64 *)(r8 +${callAt.oldId})
    *(u64 *)(r10 -80) = r1
    r9 = *(u64 *)(r6 +${result})
    r3 = *(u64 *)(r8 +${callAt.out})
    *(u64 *)(r10 -64) = r9
    if r3 == 0 goto given
    *(u64 *)(r10 -64) = 0
    r9 <<= 32
    if r9 != 0 goto given // it returns an errno
    r1 = r10
    r1 += -64
    r2 = 8
    call bpf_probe_read_user
  given:
    r1 = ${calls}
    r2 = r10
    r2 += -48
    call bpf_map_delete_elem
    r1 = *(u64 *)(r10 -80)
    if r1 == 0 goto count // nothing is known of what it took
    r1 = *(u64 *)(r10 -64)
    if r1 != 0 goto freed
    r1 = *(u64 *)(r10 -56)
    if r1 == 0 goto freed
    r1 = ${live} // it failed, and has left what it was given
    r2 = r10
    r2 += -72
    r3 = r10
    r3 += -88
    r4 = 0
    call bpf_map_update_elem
    goto out
  freed:
    ${countFreed(sums)}
  count:
    r1 = *(u64 *)(r10 -64)
    if r1 == 0 goto out
    r9 = 0
    ${sums.capture('user')}
    r1 = *(u64 *)(r10 -56)
    *(u64 *)(r10 -88) = r1
    r1 = *(u64 *)(r8 +0)
    *(u64 *)(r10 -80) = r1
    r1 = ${live}
    r2 = r10
    r2 += -64
    r3 = r10
    r3 += -88
    r4 = 0
    call bpf_map_update_elem
    if r0 != 0 goto full
    r1 = *(u64 *)(r10 -56)
    lock *(u64 *)(r7 +${sumAt.first}) += r1
    r1 = 1
    lock *(u64 *)(r7 +${sumAt.count}) += r1
    goto out
  full:
    ${sums.countLost()}
  out:
    r0 = 0
    exit`;
}

/** Forgets an allocation that is freed; of one from before the profile nothing is known. */
export function freeProgram(sums: StackSums, { live }: AllocationMaps): Insn[] {
  return asm`
    r1 = *(u64 *)(r1 +${argument(0)})
    *(u64 *)(r10 -72) = r1
    r1 = ${live}
    r2 = r10
    r2 += -72
    call bpf_map_lookup_elem
    if r0 == 0 goto out
    r1 = *(u64 *)(r0 +${allocationAt.size})
    *(u64 *)(r10 -88) = r1
    r1 = *(u64 *)(r0 +${allocationAt.id})
    *(u64 *)(r10 -80) = r1
    r1 = ${live}
    r2 = r10
    r2 += -72
    call bpf_map_delete_elem
    ${countFreed(sums)}
  count:
  out:
    r0 = 0
    exit`;
}

/** Adds the size at -88 to what the stack at -80 has freed; goes to `count` where there is none. */
function countFreed({ maps }: StackSums): string {
  return `
    r1 = map[fd:${maps.sums.fd}]
    r2 = r10
    r2 += -80
    call bpf_map_lookup_elem
    if r0 == 0 goto count
    r1 = *(u64 *)(r10 -88)
    lock *(u64 *)(r0 +${sumAt.second}) += r1`;
}
