/** One attachment of one program. */
import { Closable } from './closable.js';
import { check, errnoError, errnoName } from './errno.js';
import { BpfError } from './errors.js';
import { type Flow, job } from './flow.js';
import { type LinkHandle, native } from './native.js';
import type { ObjectState } from './object-state.js';

/** How the kernel holds an attachment; native/link.h has the same order. */
const ways = ['link', 'netlink', 'prog_attach', 'socket', 'map'] as const;

/**
 * How the kernel holds an attachment: by a link, which goes with its last descriptor or pin; or without one, by
 * `netlink` (tc, XDP), by `BPF_PROG_ATTACH`, as an option of a `socket`, or by a struct_ops `map`.
 */
export type LinkWay = (typeof ways)[number];

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
   * How the kernel holds it. All but `link` stay attached when the process is killed, sockets and interfaces
   * permitting.
   */
  get way(): LinkWay {
    const [handle] = this.handles;
    return (
      ways[handle === undefined ? 0 : check(native().linkWay(handle), `way of ${this.subject}`)] ?? 'link'
    );
  }

  /**
   * The file descriptor of the kernel's link; borrowed, closed with it. A perf event on several CPUs has several.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` where there is more than one, `EOPNOTSUPP` where there is none.
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
    return this.handles.map(handle => this.#fdOf(handle));
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

  #fdOf(handle: LinkHandle): number {
    const operation = `fd of ${this.subject}`;
    const fd = native().linkFd(handle);
    if (fd >= 0 || errnoName(fd) !== 'EOPNOTSUPP') return check(fd, operation);
    const reason = `the kernel has no link of it: it is attached by ${this.way}`;
    throw errnoError(fd, operation, { reason, hint: 'it cannot be pinned; close() detaches it' });
  }

  protected end(): Flow<void> {
    return this.detachFlow();
  }
}
