/** A program in the kernel: one of an object, or one that was opened by itself. */
import type { Insn } from '../asm/index.js';
import { argumentError } from '../errors/arguments.js';
import { BareState } from '../native/bare-state.js';
import { errnoError } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { native, type Outcome, type ProgramHandle, type Status } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { Pinnable } from '../native/pinnable.js';
import type { ProgramInfo } from './info.js';
import { insnsOf, typeOf } from './libbpf-program.js';
import { programInfos } from './parts.js';

/** A program after load: a descriptor, `info`, pins, an end. */
export abstract class LoadedProgram<Section extends string = string> extends Pinnable {
  /** @internal */
  readonly nativeHandle: ProgramHandle;
  /** The ELF section, as `tp/sched/sched_process_exec`. */
  readonly section: Section;

  /** @internal `pinPath`: where it was opened from. */
  constructor(handle: ProgramHandle, state: ObjectState, name: string, section: Section, pinPath?: string) {
    super(state, name, pinPath);
    this.nativeHandle = handle;
    this.section = section;
  }

  /** The program's file descriptor; borrowed, closed with its object, or with the program where it has none. */
  get fd(): number {
    const fd = native().programFd(this.nativeHandle);
    const operation = this.state.use(`fd of program ${this.name}`);
    if (fd >= 0) return fd;
    throw errnoError(fd, operation, { reason: 'it was not loaded', hint: 'was its autoload set to false?' });
  }

  /** libbpf's word for its type, as `xdp`; a number behind `unknown` where libbpf 1.7 has none. */
  get type(): ProgramInfo['type'] {
    if (this.state instanceof BareState) return this.info.type;
    return typeOf(this.nativeHandle, this.state.use(`type of program ${this.name}`));
  }

  /**
   * Its instructions as they went to the kernel, with the functions that it calls behind it. What the verifier left
   * of them is `dumpProgram()`'s.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` for one that was opened by itself.
   * @example
   * ```ts
   * for (const each of bpf.programs.guard.insns()) console.log(each.index, insnText(each));
   * ```
   */
  insns(): Insn[] {
    const operation = this.state.use(`instructions of program ${this.name}`);
    if (!(this.state instanceof BareState)) return insnsOf(this.nativeHandle, operation);
    const reason = 'it was opened without its object, which has them';
    throw argumentError(operation, reason, 'dumpProgram() reads them back');
  }

  /**
   * What `BPF_OBJ_GET_INFO_BY_FD` tells of it, now.
   *
   * @since Linux 4.13 (bpf_obj_get_info_by_fd() in kernel/bpf/syscall.c)
   */
  get info(): ProgramInfo {
    const operation = this.state.use(`describe program ${this.name}`);
    return programInfos.now(operation).readProgramInfo(this.fd, operation, this.name);
  }

  /** @internal */
  protected get what(): 'program' {
    return 'program';
  }

  /** @internal */
  protected makePin(path: string): Flow<Outcome<Status>> {
    return job('programPin', this.nativeHandle, path);
  }
}
