/** A program in the kernel: one of an object, or one that was opened by itself. */
import type { Insn } from '../asm/index.js';
import { argumentError } from '../errors/arguments.js';
import { BareState } from '../native/bare-state.js';
import { pinError, removePin } from '../native/bpffs.js';
import type { Closable } from '../native/closable.js';
import { errnoError, failed } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import { native, type ProgramHandle } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import type { ProgramInfo } from './info.js';
import { programInfos } from './parts.js';
import { ProgramBase } from './program-base.js';

/** What every program in the kernel has: a descriptor, what the kernel tells of it, a file that keeps it, an end. */
export abstract class LoadedProgram<Section extends string = string>
  extends ProgramBase<Section>
  implements Closable
{
  #pinPath: string | undefined;

  /** @internal `pinPath`: where it was opened from. */
  constructor(handle: ProgramHandle, state: ObjectState, name: string, section: Section, pinPath?: string) {
    super(handle, state, name, section);
    this.#pinPath = pinPath;
  }

  /** The program's file descriptor; borrowed, closed with its object, or with the program where it has none. */
  get fd(): number {
    const fd = native().programFd(this.nativeHandle);
    const operation = this.state.use(`fd of program ${this.name}`);
    if (fd >= 0) return fd;
    throw errnoError(fd, operation, { reason: 'it was not loaded', hint: 'was its autoload set to false?' });
  }

  override get type(): ProgramInfo['type'] {
    return this.state instanceof BareState ? this.info.type : super.type;
  }

  /** @throws BpfError `ERR_BPF_ARGUMENT` for one that was opened by itself. */
  override insns(): Insn[] {
    if (!(this.state instanceof BareState)) return super.insns();
    const reason = 'it was opened without its object, which has them';
    throw argumentError(`instructions of program ${this.name}`, reason, 'dumpProgram() reads them back');
  }

  /** What the kernel tells of it, now. @since Linux 4.13 */
  get info(): ProgramInfo {
    const operation = this.state.use(`describe program ${this.name}`);
    return programInfos.now(operation).readProgramInfo(this.fd, operation, this.name);
  }

  /** The file that `pin()` made, or that it was opened from; undefined where there is none. */
  get pinPath(): string | undefined {
    return this.#pinPath;
  }

  /** @internal Its object pinned it, or removed the file. */
  pinnedAt(path: string | undefined): void {
    this.#pinPath = path;
  }

  /**
   * Makes the program outlive this process, as a file in a BPF file system. That keeps it from going, and not attached:
   * pin its link for that.
   *
   * @throws BpfError `EEXIST` where the file is there, `EPERM` or `EINVAL` where the folder is in no BPF file system.
   * @since Linux 4.4
   */
  pin(path: string): Promise<void> {
    return run(this.#pin(path));
  }

  /** {@link pin} on this thread. */
  pinSync(path: string): void {
    runSync(this.#pin(path));
  }

  /** Removes the file; the program lives on as long as it is open, attached or in a map. */
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
   * Lets go of a program that was opened by itself; where it is attached, it stays.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` for a program of an object, which goes with its object.
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
    const operation = `pin program ${this.name} to ${path}`;
    return this.state.during(operation, () => this.#pinTo(path, operation));
  }

  *#pinTo(path: string, operation: string): Flow<void> {
    const [status] = yield* job('programPin', this.nativeHandle, path);
    if (failed(status)) throw pinError(status, operation, path, 'program');
    this.#pinPath = path;
  }

  *#unpin(): Flow<void> {
    const operation = this.state.use(`unpin program ${this.name}`);
    if (this.#pinPath === undefined) throw argumentError(operation, 'it is not pinned by this handle');
    yield* removePin(this.#pinPath, operation);
    this.#pinPath = undefined;
  }

  *#end(): Flow<void> {
    if (this.state instanceof BareState) return yield* this.state.end();
    const reason = `it belongs to object ${this.state.name}`;
    throw argumentError(`close program ${this.name}`, reason, 'close the object; the program goes with it');
  }
}
