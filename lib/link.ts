/** One attachment of one program. */
import { dirname } from 'node:path';
import { undoAtExit } from './attach/undone-at-exit.js';
import { Closable } from './closable.js';
import { check, errnoError, errnoName } from './errno.js';
import { BpfError } from './errors.js';
import { type Flow, job, run } from './flow.js';
import { type LinkInfo, readLinkInfo } from './link-info.js';
import type { StructOpsMap } from './map/struct-ops.js';
import { type LinkHandle, type NativeLinkInfo, native, type Status } from './native.js';
import { ObjectState } from './object-state.js';
import type { Program } from './program.js';

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
  #pinPath: string | undefined;
  #disconnected = false;
  /** Opened by its number: others hold it. */
  readonly #foreign: boolean;
  /** The attached program's name; of an opened link the path. */
  readonly program: string;

  /** @internal Made by `Program.attach()`. */
  constructor(
    handles: readonly LinkHandle[],
    object: ObjectState,
    program: string,
    { pinPath, foreign = false }: { readonly pinPath?: string; readonly foreign?: boolean } = {},
  ) {
    super();
    this.#pinPath = pinPath;
    this.#foreign = foreign;
    this.handles = handles;
    this.#object = object;
    this.program = program;
    object.countLink(1);
    if (this.way !== 'link') undoAtExit(this);
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
  get way(): LinkWay {
    const [handle] = this.handles;
    const number = handle === undefined ? 0 : check(native().linkWay(handle), `way of ${this.subject}`);
    return ways[number] ?? 'link';
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
    const operation = `fd of ${this.subject}`;
    this.requireOpen(operation);
    this.#requireLink(operation);
    return this.handles.map(handle => check(native().linkFd(handle), operation));
  }

  /**
   * What the kernel tells of the link.
   *
   * @since Linux 5.8; of perf events 6.6, of kprobe_multi 6.6, of uprobe_multi 6.8
   */
  get info(): LinkInfo {
    const operation = `describe ${this.subject}`;
    this.requireOpen(operation);
    const answer = check(native().linkInfo(this.#only(operation)), operation);
    return readLinkInfo(answer as NativeLinkInfo);
  }

  /** The file that the link is pinned to; undefined where it is not. */
  get pinPath(): string | undefined {
    return this.#pinPath;
  }

  /**
   * Makes the link outlive this process, as a file in a BPF file system.
   *
   * @throws BpfError `EINVAL` where the folder is not of a BPF file system; `EEXIST` where the file is there.
   */
  pin(path: string): Promise<void> {
    return run(this.#pin(path));
  }

  /** Removes the file; from now on the link ends with this process again. */
  unpin(): Promise<void> {
    return run(this.#unpin());
  }

  /**
   * Puts another program in the place of the attached one, without a gap.
   *
   * @param options - with `expected`, only if that program is the attached one now; else `EPERM`.
   * @throws BpfError `EINVAL` for kinds of links that cannot: of tracing programs, for one.
   * @since Linux 5.7
   */
  update(program: Program, options?: { readonly expected?: Program }): Promise<void>;
  /** Puts another struct_ops map in the place of the attached one. @since Linux 6.4 */
  update(map: StructOpsMap): Promise<void>;
  update(next: Program | StructOpsMap, options: { readonly expected?: Program } = {}): Promise<void> {
    return run('nativeHandle' in next ? this.#update(next, options.expected) : this.#updateMap(next));
  }

  /**
   * From now on closing leaves the program attached: what the kernel keeps a link of, until this process ends or the
   * link is unpinned; anything else, until it is taken away by other means.
   */
  disconnect(): void {
    const operation = `disconnect ${this.subject}`;
    this.requireOpen(operation);
    for (const handle of this.handles) check(native().linkDisconnect(handle), operation);
    this.#disconnected = true;
  }

  /** Takes the program out of its hook, whoever else holds the link, and closes it. */
  async detach(): Promise<void> {
    if (this.#isHeldElsewhere && !this.closed) await run(this.#detachFromHook());
    return this.close();
  }

  get #isHeldElsewhere(): boolean {
    return this.way === 'link' && (this.#pinPath !== undefined || this.#foreign || this.#disconnected);
  }

  *#pin(path: string): Flow<void> {
    const operation = `pin ${this.subject} to ${path}`;
    this.requireOpen(operation);
    const [status, log] = yield* job('linkPin', this.#only(operation), path);
    if (typeof status === 'number' && status < 0) throw pinError(status, operation, path, log);
    this.#pinPath = path;
    this.#object.countPin(1);
  }

  *#unpin(): Flow<void> {
    const operation = `unpin ${this.subject}`;
    this.requireOpen(operation);
    const [status] = yield* job('linkUnpin', this.#only(operation));
    check(status as number, operation);
    if (this.#pinPath !== undefined) this.#object.countPin(-1);
    this.#pinPath = undefined;
  }

  *#update(program: Program, expected: Program | undefined): Flow<void> {
    const operation = `update ${this.subject} to ${program.name}`;
    this.requireOpen(operation);
    const handles = [program.nativeHandle, expected?.nativeHandle ?? null] as const;
    const [status] = yield* job('linkUpdate', this.#only(operation), ...handles);
    check(status as number, operation);
  }

  /** Not every kind can be detached while others hold it; without its file it ends with its holders. */
  *#detachFromHook(): Flow<void> {
    const operation = `detach ${this.subject}`;
    const [status] = yield* job('linkDetach', this.#only(operation));
    const pinned = this.#pinPath !== undefined;
    if (typeof status === 'number' && !(pinned && errnoName(status) === 'EOPNOTSUPP'))
      check(status, operation);
    if (pinned) yield* this.#unpin();
  }

  *#updateMap(map: StructOpsMap): Flow<void> {
    const operation = `update ${this.subject} to ${map.name}`;
    this.requireOpen(operation);
    const [status] = yield* job('linkUpdateMap', this.#only(operation), map.structOpsHandle);
    check(status as number, operation);
  }

  #only(operation: string): LinkHandle {
    this.#requireLink(operation);
    const [handle, ...others] = this.handles;
    if (handle !== undefined && others.length === 0) return handle;
    const reason = `there are ${this.handles.length} links, one for each CPU`;
    throw new BpfError({ code: 'ERR_BPF_ARGUMENT', operation, reason });
  }

  /** @internal */
  *detachFlow(): Flow<void> {
    for (const handle of this.handles) {
      const [status] = yield* job('linkDestroy', handle);
      check(status as number, `detach ${this.program}`);
    }
    this.#object.countLink(-1);
  }

  #requireLink(operation: string): void {
    if (this.way === 'link') return;
    const reason = `the kernel keeps no link of it: it is attached by ${this.way}`;
    const hint = 'so it has no descriptor, pin or update; close() detaches it';
    throw new BpfError({ code: 'EOPNOTSUPP', operation, reason, hint });
  }

  protected end(): Flow<void> {
    return this.detachFlow();
  }
}

function* openById(id: number): Flow<Link> {
  const operation = `open link ${id}`;
  const [result, log] = yield* job('linkById', id);
  if (typeof result !== 'number')
    return new Link([result], new ObjectState(`link ${id}`), `link ${id}`, { foreign: true });
  const hint = errnoName(result) === 'EPERM' ? 'run as root or grant CAP_SYS_ADMIN' : undefined;
  throw errnoError(result, operation, { log, hint });
}

function* openPinned(path: string): Flow<Link> {
  const [result, log] = yield* job('linkOpen', path);
  if (typeof result === 'number') throw pinError(result, `open the link pinned to ${path}`, path, log);
  return new Link([result], new ObjectState(path), path, { pinPath: path });
}

function pinError(status: Status, operation: string, path: string, log: string): BpfError {
  const folder = dirname(path);
  const hint =
    errnoName(status) === 'EINVAL'
      ? `is ${folder} in a BPF file system? mount -t bpf bpf ${folder}`
      : undefined;
  return errnoError(status, operation, { log, hint });
}
