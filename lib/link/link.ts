/** One attachment of one program. */

import { requireOptions } from '../errors/arguments.js';
import { Resource } from '../native/closable.js';
import { type Flow, run, runSync } from '../native/flow.js';
import type { LinkHandle } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import type { KernelPlace } from '../native/place.js';
import { undoAtExit } from './detach-at-exit.js';
import { LinkHandles, type LinkVia } from './link-handles.js';
import { LinkHold, type LinkOrigin } from './link-hold.js';
import type { LinkInfo } from './link-info.js';
import { nameOf, type StructOpsLike, type UpdateLinkOptions, updateFlow } from './update.js';

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

  /** @internal */
  protected get subject(): string {
    return `link of ${this.program}`;
  }

  /** True once it, or its object, closes. */
  override get closed(): boolean {
    return super.closed || this.#object.closed;
  }

  /**
   * How the kernel holds it. What is held by another way than `link` is left behind where a signal kills the process:
   * then it lasts as long as its socket, interface or cgroup (bpf_link_release() in kernel/bpf/syscall.c is of links
   * only).
   */
  get via(): LinkVia {
    return this.handles.via;
  }

  /**
   * The file descriptor of the `bpf_link`; borrowed, closed with it. A perf event on several CPUs has several.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` where there is more than one, `EOPNOTSUPP` where there is none.
   */
  get fd(): number {
    return this.handles.fd(this.opened('fd of'));
  }

  /** The file descriptors of all its `bpf_link`s. */
  get fds(): readonly number[] {
    return this.handles.fds(this.opened('fd of'));
  }

  /**
   * What `BPF_OBJ_GET_INFO_BY_FD` tells of the link.
   *
   * @since Linux 5.8 (bpf_link_get_info_by_fd() in kernel/bpf/syscall.c); of perf events 6.6
   * (bpf_perf_link_fill_link_info() there), of kprobe_multi 6.6, of uprobe_multi 6.8
   */
  get info(): LinkInfo {
    return this.handles.info(this.opened('describe'));
  }

  /** The file that the link is pinned to; undefined where it is not. */
  get pinPath(): string | undefined {
    return this.#hold.path;
  }

  /**
   * Makes the link outlive this process, as a file in a BPF file system.
   *
   * @throws BpfError `EINVAL` (check_path() in libbpf.c) where the folder is not of a BPF file system, of a link
   * opened by id or descriptor `EPERM` (bpf_obj_do_pin() in kernel/bpf/inode.c); `EEXIST` where the file is there.
   * @since Linux 5.7
   */
  pin(path: string): Promise<void> {
    return run(this.pinFlow(path));
  }

  /** {@link pin} on this thread. */
  pinSync(path: string): void {
    runSync(this.pinFlow(path));
  }

  /** Removes the file; from now on the link ends with this process again. */
  unpin(): Promise<void> {
    return run(this.#unpin());
  }

  /** {@link unpin} on this thread. */
  unpinSync(): void {
    runSync(this.#unpin());
  }

  /**
   * Puts another program in the place of the attached one, without a gap.
   *
   * @throws BpfError `EINVAL` for types of links without an update, as of tracing programs (link_update() in
   * kernel/bpf/syscall.c).
   * @since Linux 5.7
   */
  update(program: KernelPlace, options?: UpdateLinkOptions): Promise<void>;
  /**
   * Puts another struct_ops map in the place of the attached one: `EOPNOTSUPP` where its interface has no update.
   *
   * @since Linux 6.4 (bpf_struct_ops_map_link_update() in kernel/bpf/bpf_struct_ops.c)
   */
  update(map: StructOpsLike): Promise<void>;
  update(next: KernelPlace | StructOpsLike, options?: UpdateLinkOptions): Promise<void> {
    return run(this.#update(next, options));
  }

  /** {@link update} on this thread. */
  updateSync(program: KernelPlace, options?: UpdateLinkOptions): void;
  updateSync(map: StructOpsLike): void;
  updateSync(next: KernelPlace | StructOpsLike, options?: UpdateLinkOptions): void {
    runSync(this.#update(next, options));
  }

  /**
   * From now on closing leaves the program attached: what has a `bpf_link`, until this process ends or the link is
   * unpinned; anything else, until it is taken away by other means.
   */
  disconnect(): void {
    this.#hold.disconnect(this.opened('disconnect'));
  }

  /**
   * Takes the program out of its hook, also while other processes or pins hold the link, and closes it (link_detach()
   * in kernel/bpf/syscall.c, Linux 5.9).
   */
  async detach(): Promise<void> {
    await run(this.#takeOut());
    return this.close();
  }

  /** {@link detach} on this thread. */
  detachSync(): void {
    runSync(this.#takeOut());
    this.closeSync();
  }

  /** @internal */
  *pinFlow(path: string): Flow<void> {
    const operation = this.opened('pin', ` to ${path}`);
    yield* this.during(operation, this.#hold.pin(operation, path));
  }

  *#unpin(): Flow<void> {
    const operation = this.opened('unpin');
    yield* this.during(operation, this.#hold.unpin(operation));
  }

  *#update(next: KernelPlace | StructOpsLike, options: UpdateLinkOptions = {}): Flow<void> {
    const operation = this.opened('update', ` to ${nameOf(next)}`);
    requireOptions(operation, options, ['expected']);
    yield* this.during(operation, updateFlow(this.handles, operation, next, options.expected));
  }

  *#takeOut(): Flow<void> {
    if (!this.closed && this.#hold.isElsewhere) yield* this.#hold.detach(this.opened('detach'));
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
