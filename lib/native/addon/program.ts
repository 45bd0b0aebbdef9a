/** Functions of native/program: programs. */
import type { Errno, ProgramHandle, Status } from './handles.js';

/** Calls that take less than a microsecond or so, or only look. */
export interface ProgramCalls {
  programName(program: ProgramHandle): string | Errno;
  programSectionName(program: ProgramHandle): string | Errno;
  programType(program: ProgramHandle): Status;
  programExpectedAttachType(program: ProgramHandle): Status;
  programFd(program: ProgramHandle): Status;
  programAutoload(program: ProgramHandle): Status;
  programSetSection(program: ProgramHandle, section: string): Status;
  programSetAutoload(program: ProgramHandle, autoload: boolean): Status;
  /** Bytes that were read; 0 where there is nothing. */
  programStreamRead(program: ProgramHandle, stream: number, out: Uint8Array): Status;
  programLogLevel(program: ProgramHandle): Status;
  programSetLogLevel(program: ProgramHandle, level: number): Status;
  /** `struct bpf_line_info` for each line; between `objectPrepare` and a load that fails. */
  programLineInfo(program: ProgramHandle): Uint8Array | Errno;
  /** `struct bpf_insn` for each; functions behind the main one once it is prepared. */
  programInsns(program: ProgramHandle): Uint8Array | Errno;
  programAutoattach(program: ProgramHandle): Status;
  programSetAutoattach(program: ProgramHandle, autoattach: boolean): Status;
  /** `BPF_F_…`. */
  programFlags(program: ProgramHandle): Status;
  programSetFlags(program: ProgramHandle, flags: number): Status;
  programSetIfindex(program: ProgramHandle, index: number): Status;
  /** `struct bpf_insn` for each; between `objectPrepare` and `objectLoad`, `EBUSY` at other times. */
  programSetInsns(program: ProgramHandle, insns: Uint8Array): Status;
  programSetType(program: ProgramHandle, type: number): Status;
  programSetExpectedAttachType(program: ProgramHandle, attachType: number): Status;
  programSetAttachTarget(program: ProgramHandle, targetFd: number, name: string): Status;
}

/** Calls that may block; each exists as a promise and with `Sync` behind its name. */
export interface ProgramJobs {
  programOpenPinned(path: string): ProgramHandle;
  programOpenById(id: number): ProgramHandle;
  programOpenFd(fd: number): ProgramHandle;
  programPin(program: ProgramHandle, path: string): Status;
  /** Of one that was opened without an object. */
  programClose(program: ProgramHandle): Status;
  /**
   * Runs it, `dataRoom` and `contextRoom` bytes being free for what comes back: u32 retval, u32 nanoseconds, u32 bytes of
   * data, u32 bytes of context, and both. Without room for a context, the given one as it is afterwards.
   */
  programTestRun(
    program: ProgramHandle,
    data: Uint8Array,
    context: Uint8Array,
    dataRoom: number,
    contextRoom: number,
    repeat: number,
    flags: number,
    cpu: number,
    batchSize: number,
  ): Uint8Array;
}
