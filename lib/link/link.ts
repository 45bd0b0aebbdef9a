/** One attachment of one program. */

import { Resource } from '../native/closable.js';
import { type Flow, run } from '../native/flow.js';
import type { LinkHandle, MapHandle, ProgramHandle } from '../native/native.js';
import { ObjectState } from '../native/owner.js';
import { undoAtExit } from './detach-at-exit.js';
import { LinkHandles, type LinkVia, linkOf } from './link-handles.js';
import { LinkHold, type LinkOrigin } from './link-hold.js';
import type { LinkInfo } from './link-info.js';
import { pinnedTo } from './link-pin.js';

/** A program of an object, as far as a link asks: any `Program` is one. */
export interface ProgramLike {
  readonly name: string;
  readonly section: string;
  /** @internal */
  readonly nativeHandle: ProgramHandle;
}

/** A struct_ops map, as far as a link asks: any `StructOpsMap` is one. */
export interface StructOpsLike {
  readonly name: string;
  attach(): Promise<Link>;
  /** @internal */
  readonly structOpsHandle: MapHandle;
}

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
export class Link extends Resource {
  /** @internal */
  protected readonly handles: LinkHandles;
  readonly #object: ObjectState;
  readonly #hold: LinkHold;
  /** The attached program's name; of an opened link the path. */
  readonly program: string;
  /**
   * The name of what it is attached to, as the section, `setAttachTarget()` or the options gave it: of several names the
   * one that was taken. Undefined where no name is given, as of an interface, and of an opened link.
   */
  readonly target: string | undefined;

  /** @internal Made by `Program.attach()`. */
  constructor(
    handles: readonly LinkHandle[],
    object: ObjectState,
    program: string,
    origin: LinkOrigin & { readonly target?: string | undefined } = {},
  ) {
    super();
    this.handles = new LinkHandles(handles);
    this.#hold = new LinkHold(this.handles, object, origin);
    this.#object = object;
    this.program = program;
    this.target = origin.target;
    object.countLink(1);
    if (this.via !== 'link') undoAtExit(this);
  }

  /**
   * Opens a link that was pinned, by this process or another. Closing it leaves it attached; `detach()` does not.
   *
   * @throws BpfError `ENOENT` where nothing is pinned; `EINVAL` where it is no link.
   */
  static openPinned(path: string): Promise<Link> {
    return run(openPinned(path));
  }

  /**
   * Opens a link by the kernel's number, whoever made it. Closing it leaves it attached; `detach()` does not.
   *
   * @throws BpfError `ENOENT` where there is no such link; `EPERM` without CAP_SYS_ADMIN.
   * @since Linux 5.8
   */
  static open(id: number): Promise<Link> {
    return run(openById(id));
  }

  /** @internal */
  protected get subject(): string {
    return `link of ${this.program}`;
  }

  /** True once it, or its object, closes. */
  override get closed(): boolean {
    return super.closed || this.#object.closed;
  }

  /**
   * How the kernel holds it. What is held by another way than `link` is left behind where a signal kills the
   * process: then it lasts as long as its socket, interface or cgroup.
   */
  get via(): LinkVia {
    return this.handles.via;
  }

  /**
   * The file descriptor of the kernel's link; borrowed, closed with it. A perf event on several CPUs has several.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` where there is more than one, `EOPNOTSUPP` where there is none.
   */
  get fd(): number {
    return this.handles.fd(this.#opened('fd of'));
  }

  /** The file descriptors of the kernel's links. */
  get fds(): readonly number[] {
    return this.handles.fds(this.#opened('fd of'));
  }

  /**
   * What the kernel tells of the link.
   *
   * @since Linux 5.8; of perf events 6.6, of kprobe_multi 6.6, of uprobe_multi 6.8
   */
  get info(): LinkInfo {
    return this.handles.info(this.#opened('describe'));
  }

  /** The file that the link is pinned to; undefined where it is not. */
  get pinPath(): string | undefined {
    return this.#hold.path;
  }

  /**
   * Makes the link outlive this process, as a file in a BPF file system.
   *
   * @throws BpfError `EINVAL` where the folder is not of a BPF file system; `EEXIST` where the file is there.
   */
  async pin(path: string): Promise<void> {
    return this.#during(`pin ${this.subject} to ${path}`, () => this.pinFlow(path));
  }

  /** Removes the file; from now on the link ends with this process again. */
  async unpin(): Promise<void> {
    const operation = this.#opened('unpin');
    return this.#during(operation, () => this.#hold.unpin(operation));
  }

  /**
   * Puts another program in the place of the attached one, without a gap.
   *
   * @param options - with `expected`, only if that program is the attached one now; else `EPERM`.
   * @throws BpfError `EINVAL` for kinds of links that cannot: of tracing programs, for one.
   * @since Linux 5.7
   */
  update(program: ProgramLike, options?: { readonly expected?: ProgramLike }): Promise<void>;
  /** Puts another struct_ops map in the place of the attached one. @since Linux 6.4 */
  update(map: StructOpsLike): Promise<void>;
  async update(
    next: ProgramLike | StructOpsLike,
    options: { readonly expected?: ProgramLike } = {},
  ): Promise<void> {
    const operation = this.#opened('update', ` to ${next.name}`);
    const { handles } = this;
    return this.#during(operation, () =>
      'nativeHandle' in next
        ? handles.update(operation, next.nativeHandle, options.expected?.nativeHandle)
        : handles.updateMap(operation, next.structOpsHandle),
    );
  }

  /**
   * From now on closing leaves the program attached: what the kernel keeps a link of, until this process ends or the
   * link is unpinned; anything else, until it is taken away by other means.
   */
  disconnect(): void {
    this.#hold.disconnect(this.#opened('disconnect'));
  }

  /** Takes the program out of its hook, whoever else holds the link, and closes it. */
  async detach(): Promise<void> {
    if (!this.closed && this.#hold.isElsewhere) await run(this.#hold.detach(this.#opened('detach')));
    return this.close();
  }

  /** @internal */
  *pinFlow(path: string): Flow<void> {
    yield* this.#hold.pin(this.#opened('pin', ` to ${path}`), path);
  }

  /** Runs a flow; of a failure after a close meanwhile, that is the reason. */
  async #during(operation: string, flow: () => Flow<void>): Promise<void> {
    try {
      await run(flow());
    } catch (error) {
      this.requireOpen(operation);
      throw error;
    }
  }

  /** What is done, for errors. @throws BpfError `ERR_BPF_CLOSED` after close. */
  #opened(verb: string, rest = ''): string {
    const operation = `${verb} ${this.subject}${rest}`;
    this.requireOpen(operation);
    return operation;
  }

  /** @internal */
  *detachFlow(): Flow<void> {
    yield* this.handles.destroy(`detach ${this.program}`);
    this.#object.countLink(-1);
  }

  /** @internal */
  protected end(): Flow<void> {
    return this.detachFlow();
  }
}

function* openById(id: number): Flow<Link> {
  const name = `link ${id}`;
  return new Link([yield* linkOf(id)], new ObjectState(name), name, { foreign: true });
}

function* openPinned(path: string): Flow<Link> {
  return new Link([yield* pinnedTo(path)], new ObjectState(path), path, { pinPath: path });
}
