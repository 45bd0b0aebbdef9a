/** What the kernel tells of a program. */
import { clock } from '../clock/clock.js';
import { kernelStructs } from '../kinds/kernel-structs.js';
import { type ProgramTypeName, programTypeName } from '../kinds/program-types.js';
import { runSync } from '../native/flow.js';
import type { KernelRecord } from '../native/kernel-record.js';
import { recordOf, wordsIn } from './record.js';

/** `struct bpf_prog_info`, and what `/proc` adds; what a kernel does not tell is 0. */
export interface ProgramInfo {
  readonly id: number;
  /** libbpf's word; a number behind `unknown` for a type newer than libbpf 1.7. */
  readonly type: ProgramTypeName | `unknown ${number}`;
  /** The C function's: whole where the program brought its types, else the first 15 characters. */
  readonly name: string;
  /** A hash of its instructions, as it stands in `/proc/kallsyms`. */
  readonly tag: string;
  readonly gplCompatible: boolean;
  readonly loadedAt: Date;
  /** Who loaded it. */
  readonly uid: number;
  /** Bytes of its instructions, as the verifier left them. */
  readonly xlatedSize: number;
  /** Bytes of its machine code; 0 where it is interpreted. */
  readonly jitedSize: number;
  /** Bytes of memory that the kernel counts for it. */
  readonly memory: number;
  /** Maps that it uses. */
  readonly mapIds: readonly number[];
  /** The types that it brought. */
  readonly btfId: number;
  /** The interface that it is offloaded to. */
  readonly ifindex: number;
  /** The types of what it traces or extends, and its type in them. @since Linux 5.18 */
  readonly attachBtfObjectId: number;
  readonly attachBtfId: number;
  /** Instructions that the verifier went through. @since Linux 5.16 */
  readonly verifiedInstructions: number;
  /** Nanoseconds that it ran, on all CPUs, while the kernel counted them, which `enableStats()` turns on. */
  readonly runTime: bigint;
  /** How often it ran meanwhile. */
  readonly runs: bigint;
  /** How often it did not run because it ran already on that CPU. @since Linux 5.12 */
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
