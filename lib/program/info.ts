/** What `BPF_OBJ_GET_INFO_BY_FD` tells of a program (bpf_prog_get_info_by_fd() in kernel/bpf/syscall.c). */
import { clock } from '../clock/clock.js';
import { kernelStructs } from '../kinds/kernel-structs.js';
import { type ProgramTypeName, programTypeName } from '../kinds/program-types.js';
import { runSync } from '../native/flow.js';
import type { KernelRecord } from '../native/kernel-record.js';
import { recordOf, wordsIn } from './record.js';

/**
 * `struct bpf_prog_info` (include/uapi/linux/bpf.h), and what its fdinfo adds (bpf_prog_show_fdinfo() in
 * kernel/bpf/syscall.c); what a kernel does not tell is 0.
 */
export interface ProgramInfo {
  readonly id: number;
  /** libbpf_bpf_prog_type_str()'s word; a number behind `unknown` for a type newer than libbpf 1.7. */
  readonly type: ProgramTypeName | `unknown ${number}`;
  /** The C function's: whole where the program brought its types, else the first 15 characters. */
  readonly name: string;
  /** A hash of its instructions, as it stands in `/proc/kallsyms`. */
  readonly tag: string;
  readonly gplCompatible: boolean;
  readonly loadedAt: Date;
  /** User id of the process that loaded it. */
  readonly uid: number;
  /** Bytes of its instructions, as the verifier left them. */
  readonly xlatedSize: number;
  /** Bytes of its machine code; 0 where it is interpreted. */
  readonly jitedSize: number;
  /** Bytes of whole pages of its instructions: `memlock` of its fdinfo. */
  readonly memory: number;
  /** Maps that it uses. */
  readonly mapIds: readonly number[];
  /** The types that it brought. */
  readonly btfId: number;
  /** The interface that it is offloaded to. */
  readonly ifindex: number;
  /** The types of what it traces or extends, and its type in them. @since Linux 6.0 */
  readonly attachBtfObjectId: number;
  readonly attachBtfId: number;
  /** Instructions that the verifier went through. @since Linux 5.16 */
  readonly verifiedInstructions: number;
  /**
   * Nanoseconds that it ran, on all CPUs, counted while `enableStats()` is on (bpf_prog_get_stats() in
   * kernel/bpf/syscall.c).
   */
  readonly runTime: bigint;
  /** How often it ran meanwhile. */
  readonly runs: bigint;
  /**
   * How often it did not run because it ran already on that CPU (__bpf_prog_enter_recur() in
   * kernel/bpf/trampoline.c).
   *
   * @since Linux 5.12
   */
  readonly missed: bigint;
}

const { bpf_prog_info: at } = kernelStructs;
/** `BPF_TAG_SIZE`. */
const tagSize = 8;

/** Of a program by its descriptor. @throws BpfError with the errno's name */
export function readProgramInfo(fd: number, operation: string, name: string): ProgramInfo {
  return programInfoOf(runSync(recordOf(fd, operation, ['mapIds'])), name);
}

/** Reads a record. */
export function programInfoOf(record: KernelRecord, name: string): ProgramInfo {
  return {
    id: record.u32(at.id),
    type: programTypeName(record.u32(at.type)),
    name,
    tag: Buffer.from(record.bytes.subarray(at.tag, at.tag + tagSize)).toString('hex'),
    gplCompatible: (record.u32(at.gpl_compatible) & 1) === 1,
    loadedAt: clock.boottime.toDate(record.u64(at.load_time)),
    uid: record.u32(at.created_by_uid),
    xlatedSize: record.u32(at.xlated_prog_len),
    jitedSize: record.u32(at.jited_prog_len),
    memory: record.inProc('memlock'),
    mapIds: wordsIn(record, 'mapIds'),
    btfId: record.u32(at.btf_id),
    ifindex: record.u32(at.ifindex),
    attachBtfObjectId: record.u32(at.attach_btf_obj_id),
    attachBtfId: record.u32(at.attach_btf_id),
    verifiedInstructions: record.u32(at.verified_insns),
    runTime: record.u64(at.run_time_ns),
    runs: record.u64(at.run_cnt),
    missed: record.u64(at.recursion_misses),
  };
}
