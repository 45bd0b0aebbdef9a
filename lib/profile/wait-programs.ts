/** The BPF programs of a profile of waiting: when a thread leaves its CPU, is woken, and is back. */
import { asm, type Insn } from '../doors/asm.js';
import { map, struct, u32, u64 } from '../doors/codec.js';
import { type BpfMap, createMap } from '../index.js';
import { type StackSums, sumAt } from './stack-sums.js';
import { leaveUnlessWanted, type ProfileTarget } from './target.js';

/** A thread that is not on a CPU. Times are of the monotonic clock, in nanoseconds. */
export interface Wait {
  /** When it left its CPU; 0: it is on one. */
  readonly since: bigint;
  /** When it could have run again; 0: not yet. */
  readonly woken: bigint;
  /** Of its stack. */
  readonly id: bigint;
}

/** Where each member of {@link Wait} is, in bytes. */
const at = { since: 0, woken: 8, id: 16 } as const;
const wait = struct<Wait>('struct wait', 24, {
  since: [at.since, u64],
  woken: [at.woken, u64],
  id: [at.id, u64],
});

/** By thread; those beyond it are counted as lost. */
const mostThreads = 2 ** 16;

/** Threads that wait, by their number. */
export type Waits = BpfMap<number, Wait>;

export function createWaits(): Promise<Waits> {
  return createMap(map('hash', u32, wait), { maxEntries: mostThreads });
}

/** Offsets in the records of `sched_switch` and `sched_wakeup`: their `format` files below events/sched of tracefs. */
const switched = { previousState: 32, nextPid: 56 } as const;
const wakeup = { pid: 24 } as const;
/** `TASK_REPORT_MAX` in include/linux/sched.h: the thread could have run on, and another took its CPU. */
const preempted = 0x100;
/** `EXIT_DEAD` and `EXIT_ZOMBIE`: it will not come back. */
const ended = 0x30;

/** @param least - waits that are shorter are left out, in nanoseconds */
export function switchProgram(target: ProfileTarget, sums: StackSums, waits: Waits, least: bigint): Insn[] {
  return asm`
    r6 = r1
    ${endWait(sums, waits, least)}
  leaving:
    call bpf_get_current_pid_tgid
    r7 = r0
    *(u32 *)(r10 -48) = r7
    ${leaveUnlessWanted(target, sums.maps)}
    r9 = *(u64 *)(r6 +${switched.previousState})
    r1 = r9
    r1 &= ${ended}
    if r1 != 0 goto ended
    call bpf_ktime_get_ns
    *(u64 *)(r10 -64) = r0 // since
    *(u64 *)(r10 -56) = 0 // woken
    r1 = r9
    r1 &= ${preempted}
    if r1 != 0 goto runnable
    if r9 != 0 goto blocked
  runnable:
    r9 = 0
    *(u64 *)(r10 -56) = r0
  blocked:
    ${sums.capture()}
    ${beginWait(sums, waits)}
    goto out
  ended:
    r1 = ${waits}
    r2 = r10
    r2 += -48
    call bpf_map_delete_elem
  out:
    r0 = 0
    exit`;
}

/** Of the thread that gets the CPU. */
function endWait({ maps }: StackSums, waits: Waits, least: bigint): string {
  return `
    r1 = *(u32 *)(r6 +${switched.nextPid})
    *(u32 *)(r10 -4) = r1
    r1 = map[fd:${waits.fd}]
    r2 = r10
    r2 += -4
    call bpf_map_lookup_elem
    if r0 == 0 goto leaving
    r7 = r0
    r8 = *(u64 *)(r7 +${at.since})
    if r8 == 0 goto leaving
    r1 = 0
    *(u64 *)(r7 +${at.since}) = r1
    r1 = map[fd:${maps.sums.fd}]
    r2 = r7
    r2 += ${at.id}
    call bpf_map_lookup_elem
    if r0 == 0 goto leaving
    r9 = r0
    call bpf_ktime_get_ns
    r1 = r0
    r1 -= r8
    r2 = 0x${least.toString(16)} ll
    if r1 < r2 goto leaving
    r1 = *(u64 *)(r7 +${at.woken})
    if r1 != 0 goto woken
    r1 = r0
  woken:
    r0 -= r1
    r1 -= r8
    lock *(u64 *)(r9 +${sumAt.first}) += r1
    lock *(u64 *)(r9 +${sumAt.second}) += r0
    r1 = 1
    lock *(u64 *)(r9 +${sumAt.count}) += r1`;
}

/** Of the thread that gives its CPU away: its number is at -48, when at -64, since when it could run at -56; r8 is the record. */
function beginWait(sums: StackSums, waits: Waits): string {
  return `
    r1 = *(u64 *)(r8 +0)
    *(u64 *)(r10 -72) = r1
    r1 = map[fd:${waits.fd}]
    r2 = r10
    r2 += -48
    call bpf_map_lookup_elem
    if r0 == 0 goto unknown
    r1 = *(u64 *)(r10 -72)
    *(u64 *)(r0 +${at.id}) = r1
    r1 = *(u64 *)(r10 -56)
    *(u64 *)(r0 +${at.woken}) = r1
    r1 = *(u64 *)(r10 -64)
    *(u64 *)(r0 +${at.since}) = r1
    goto out
  unknown:
    r1 = *(u64 *)(r10 -64)
    *(u64 *)(r10 -96) = r1
    r1 = *(u64 *)(r10 -56)
    *(u64 *)(r10 -88) = r1
    r1 = *(u64 *)(r10 -72)
    *(u64 *)(r10 -80) = r1
    r1 = map[fd:${waits.fd}]
    r2 = r10
    r2 += -48
    r3 = r10
    r3 += -96
    r4 = 0
    call bpf_map_update_elem
    if r0 == 0 goto out
    ${sums.countLost()}`;
}

/** Notes since when a thread that waited can run. */
export function wakeupProgram(waits: Waits): Insn[] {
  return asm`
    r1 = *(u32 *)(r1 +${wakeup.pid})
    *(u32 *)(r10 -4) = r1
    r1 = ${waits}
    r2 = r10
    r2 += -4
    call bpf_map_lookup_elem
    if r0 == 0 goto out
    r6 = r0
    r1 = *(u64 *)(r6 +${at.since})
    if r1 == 0 goto out
    r1 = *(u64 *)(r6 +${at.woken})
    if r1 != 0 goto out
    call bpf_ktime_get_ns
    *(u64 *)(r6 +${at.woken}) = r0
  out:
    r0 = 0
    exit`;
}
