/** One attachment of one program. */
import { Closable } from './closable.js';
import { check } from './errno.js';
import { BpfError } from './errors.js';
import { type Flow, job } from './flow.js';
import { type LinkHandle, native } from './native.js';
import type { ObjectState } from './object-state.js';

/**
 * An attached program. It lives until `close()` (or `detach()`, the same), until its object closes, or until the
 * process ends; dropping the reference does not detach.
 *
 * @example
 * ```ts
 * const link = await bpf.programs.on_exec.attach();
 * await link.detach();
 * ```
 */
export class Link extends Closable {
  /** @internal */
  protected readonly handles: readonly LinkHandle[];
  readonly #object: ObjectState;
  /** The attached program's name. */
  readonly program: string;

  /** @internal Made by `Program.attach()`. */
  constructor(handles: readonly LinkHandle[], object: ObjectState, program: string) {
    super();
    this.handles = handles;
    this.#object = object;
    this.program = program;
    object.countLink(1);
  }

  protected get subject(): string {
    return `link of ${this.program}`;
  }

  /** True once it, or its object, closes. */
  override get closed(): boolean {
    return super.closed || this.#object.closed;
  }

  /**
   * The file descriptor of the kernel's link; borrowed, closed with it. A perf event on several CPUs has several.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` where there is more than one.
   */
  get fd(): number {
    const operation = `fd of ${this.subject}`;
    const [fd = -1, ...others] = this.fds;
    if (others.length === 0) return check(fd, operation);
    const reason = `there are ${others.length + 1} links, one for each CPU`;
    throw new BpfError({ code: 'ERR_BPF_ARGUMENT', operation, reason, hint: 'use fds' });
  }

  /** The file descriptors of the kernel's links. */
  get fds(): readonly number[] {
    this.requireOpen(`fd of ${this.subject}`);
    return this.handles.map(handle => check(native().linkFd(handle), `fd of ${this.subject}`));
  }

  /** Detaches the program; the same as `close()`. */
  detach(): Promise<void> {
    return this.close();
  }

  /** @internal */
  *detachFlow(): Flow<void> {
    for (const handle of this.handles) {
      const [status] = yield* job('linkDestroy', handle);
      check(status as number, `detach ${this.program}`);
    }
    this.#object.countLink(-1);
  }

  protected end(): Flow<void> {
    return this.detachFlow();
  }
}
