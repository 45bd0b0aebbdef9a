/** One attachment of one program. */
import { Closable } from './closable.js';
import { check } from './errno.js';
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
  readonly #handle: LinkHandle;
  readonly #object: ObjectState;
  /** The attached program's name. */
  readonly program: string;

  /** @internal Made by `Program.attach()`. */
  constructor(handle: LinkHandle, object: ObjectState, program: string) {
    super();
    this.#handle = handle;
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

  /** The link's file descriptor; borrowed, closed with the link. */
  get fd(): number {
    this.requireOpen(`fd of ${this.subject}`);
    return check(native().linkFd(this.#handle), `fd of ${this.subject}`);
  }

  /** Detaches the program; the same as `close()`. */
  detach(): Promise<void> {
    return this.close();
  }

  /** @internal */
  *detachFlow(): Flow<void> {
    const [status] = yield* job('linkDestroy', this.#handle);
    check(status as number, `detach ${this.program}`);
    this.#object.countLink(-1);
  }

  protected end(): Flow<void> {
    return this.detachFlow();
  }
}
