/** What both phases know of a program. */

import type { Insn } from '../asm/index.js';
import { littleEndian } from '../btf/byte-order.js';
import { type ProgramTypeName, programTypeName } from '../kinds/program-types.js';
import { check } from '../native/errno.js';
import { native, type ProgramHandle } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { instructions } from './parts.js';

/** A program, opened or loaded. */
export abstract class ProgramBase<Section extends string = string> {
  /** @internal */
  readonly nativeHandle: ProgramHandle;
  /** @internal */
  protected readonly state: ObjectState;
  /** The C function's name. */
  readonly name: string;
  /** The ELF section, as `tp/sched/sched_process_exec`. */
  readonly section: Section;

  /** @internal */
  constructor(handle: ProgramHandle, state: ObjectState, name: string, section: Section) {
    this.nativeHandle = handle;
    this.state = state;
    this.name = name;
    this.section = section;
  }

  /** libbpf's word for its type, as `xdp`; a number behind `unknown` where libbpf 1.7 has none. */
  get type(): ProgramTypeName | `unknown ${number}` {
    const operation = this.state.use(`type of program ${this.name}`);
    return programTypeName(check(native().programType(this.nativeHandle), operation));
  }

  /**
   * Its instructions. Before load as the object has them, where maps and functions have no numbers yet; afterwards as
   * they went to the kernel, with the functions that it calls behind it. What the kernel made of them is
   * `dumpProgram()`'s.
   *
   * @example
   * ```ts
   * for (const each of bpf.programs.guard.insns()) console.log(each.index, insnText(each));
   * ```
   */
  insns(): Insn[] {
    const operation = this.state.use(`instructions of program ${this.name}`);
    const bytes = check(native().programInsns(this.nativeHandle), operation);
    return instructions.now(operation).decodeInsns(bytes as Uint8Array, littleEndian);
  }
}
