/** What both phases know of a program. */
import { check } from './errno.js';
import { native, type ProgramHandle } from './native.js';
import type { ObjectState } from './object-state.js';

/** A program, opened or loaded. */
export abstract class ProgramBase<Section extends string = string> {
  /** @internal */
  readonly nativeHandle: ProgramHandle;
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

  /** `enum bpf_prog_type`. */
  get type(): number {
    return check(native().programType(this.nativeHandle), this.state.use(`type of program ${this.name}`));
  }
}
