/** The programs of an object, before load and after. */
import { check, errnoError } from './errno.js';
import { attachError } from './explain.js';
import { type Flow, job, runSync } from './flow.js';
import { Link } from './link.js';
import { native, type ProgramHandle } from './native.js';
import type { ObjectState } from './object-state.js';

/** What both phases know of a program. */
abstract class ProgramBase<Section extends string = string> {
  protected readonly handle: ProgramHandle;
  protected readonly state: ObjectState;
  /** The C function's name. */
  readonly name: string;
  /** The ELF section, as `tp/sched/sched_process_exec`. */
  readonly section: Section;

  /** @internal */
  constructor(handle: ProgramHandle, state: ObjectState, name: string, section: Section) {
    this.handle = handle;
    this.state = state;
    this.name = name;
    this.section = section;
  }

  /** `enum bpf_prog_type`. */
  get type(): number {
    return check(native().programType(this.handle), this.state.use(`type of program ${this.name}`));
  }
}

/** A program before load. */
export class OpenProgram<Section extends string = string> extends ProgramBase<Section> {
  /** Whether `load()` loads this program. Set it to false for one that this kernel cannot have. */
  get autoload(): boolean {
    return (
      check(native().programAutoload(this.handle), this.state.use(`autoload of program ${this.name}`)) === 1
    );
  }

  set autoload(autoload: boolean) {
    const operation = this.state.use(`set autoload of program ${this.name}`);
    check(native().programSetAutoload(this.handle, autoload), operation);
  }
}

/** A program in the kernel. */
export class Program<Section extends string = string> extends ProgramBase<Section> {
  /** The program's file descriptor; borrowed, closed with its object. */
  get fd(): number {
    const fd = native().programFd(this.handle);
    const operation = this.state.use(`fd of program ${this.name}`);
    if (fd >= 0) return fd;
    throw errnoError(fd, operation, { reason: 'it was not loaded', hint: 'was its autoload set to false?' });
  }

  /** True when the program was loaded; false when its autoload was off. */
  get loaded(): boolean {
    this.state.use(`state of program ${this.name}`);
    return native().programFd(this.handle) >= 0;
  }

  /**
   * Attaches as the section says, off the main thread.
   *
   * @throws BpfError with the errno's name; a section that does not say where to attach gives `EOPNOTSUPP`.
   */
  attach(): Promise<Link> {
    return this.state.queue.run(() => this.attachFlow());
  }

  /** {@link attach} on this thread. */
  attachSync(): Link {
    return runSync(this.attachFlow());
  }

  /** @internal */
  *attachFlow(): Flow<Link> {
    this.state.use(`attach ${this.name}`);
    const [result, log] = yield* job('programAttach', this.handle);
    if (typeof result === 'number') throw attachError(result, this.name, this.section, log);
    return new Link(result, this.state, this.name);
  }
}
