/** What a map and a program in the kernel share: the file that keeps it, and its end. */
import { argumentError } from '../errors/arguments.js';
import { BareState } from './bare-state.js';
import { type PinnedKind, pinError, removePin } from './bpffs.js';
import type { Closable } from './closable.js';
import { failed } from './errno.js';
import { type Flow, run, runSync } from './flow.js';
import type { Outcome, Status } from './native.js';
import type { ObjectState } from './owner.js';

/** A map or program in the kernel: of an object, with which it closes, or opened by itself. */
export abstract class Pinnable implements Closable {
  /** @internal */
  readonly state: ObjectState;
  /** Its name in its object. */
  readonly name: string;
  /** Null once it was removed. */
  #pinPath: string | null | undefined;

  /** @internal `pinPath`: where it was opened from. */
  constructor(state: ObjectState, name: string, pinPath?: string) {
    this.state = state;
    this.name = name;
    this.#pinPath = pinPath;
  }

  /** @internal For messages. */
  protected abstract get what(): PinnedKind;

  /** @internal Makes the file. */
  protected abstract makePin(path: string): Flow<Outcome<Status>>;

  /** @internal The file that libbpf made or found when the object was loaded. */
  protected get pinPathOfLoad(): string | undefined {
    return undefined;
  }

  /** The file that `pin()` or load made, or that it was opened from; undefined where there is none. */
  get pinPath(): string | undefined {
    return this.#pinPath === undefined ? this.pinPathOfLoad : (this.#pinPath ?? undefined);
  }

  /** @internal Its object pinned it, or removed the file. */
  pinnedAt(path: string | undefined): void {
    this.#pinPath = path ?? null;
  }

  /**
   * Makes it outlive this process, with what is in a map, as a file in a BPF file system. That does not keep a program
   * attached: pin its link for that.
   *
   * @throws BpfError `EEXIST` where the file is there, `EINVAL` (check_path() in libbpf.c) or `EPERM`
   * (bpf_obj_do_pin() in kernel/bpf/inode.c) where the folder is in no BPF file system.
   * @since Linux 4.4
   */
  pin(path: string): Promise<void> {
    return run(this.#pin(path));
  }

  /** {@link pin} on this thread. */
  pinSync(path: string): void {
    runSync(this.#pin(path));
  }

  /** Removes the file; it lives on for as long as it is open, attached or in a map. */
  unpin(): Promise<void> {
    return run(this.#unpin());
  }

  /** {@link unpin} on this thread. */
  unpinSync(): void {
    runSync(this.#unpin());
  }

  /** True once it, or its object, closes. */
  get closed(): boolean {
    return this.state.closed;
  }

  /**
   * Lets go of what was created or opened by itself. A map's content goes with its last user or pin; where a program is
   * attached, it stays.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` for one of an object, which goes with its object.
   */
  close(): Promise<void> {
    return run(this.#end());
  }

  /** {@link close} on this thread. */
  closeSync(): void {
    runSync(this.#end());
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #pin(path: string): Flow<void> {
    const operation = `pin ${this.what} ${this.name} to ${path}`;
    return this.state.during(operation, () => this.#pinTo(path, operation));
  }

  *#pinTo(path: string, operation: string): Flow<void> {
    const [status] = yield* this.makePin(path);
    if (failed(status)) throw pinError(status, operation, path, this.what);
    this.#pinPath = path;
  }

  *#unpin(): Flow<void> {
    const operation = this.state.use(`unpin ${this.what} ${this.name}`);
    const path = this.pinPath;
    if (path === undefined) throw argumentError(operation, 'it is not pinned by this handle');
    yield* removePin(path, operation);
    this.#pinPath = null;
  }

  *#end(): Flow<void> {
    if (this.state instanceof BareState) return yield* this.state.end();
    const reason = `it belongs to object ${this.state.name}`;
    const hint = `close the object; the ${this.what} goes with it`;
    throw argumentError(`close ${this.what} ${this.name}`, reason, hint);
  }
}
