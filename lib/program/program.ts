/** The programs of a loaded object. */
import type { AttachArguments, AttachKindOf } from '../attach/arguments.js';
import type { AttachKind } from '../attach/attach-kind.js';
import type { Codec } from '../codec/codec.js';
import { requireMethod } from '../errors/arguments.js';
import type { EventStream } from '../events/events.js';
import type { IterLink } from '../link/iter-link.js';
import type { Link } from '../link/link.js';
import type { StructOpsMap } from '../map/struct-ops.js';
import { BareState } from '../native/bare-state.js';
import { type Flow, run, runSync } from '../native/flow.js';
import { native, type ProgramHandle } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import type { Verification } from '../verifier/index.js';
import { attachOne } from './attach-one.js';
import { LoadedProgram } from './loaded-program.js';
import { programStreams, testRuns } from './parts.js';
import type { StreamName } from './program-stream.js';
import type { AnyTestRunOptions, TestRunArguments, TestRunOf } from './test-run/options.js';

/** What attaching gives: iterators can be read. */
export type LinkOf<Section extends string> = [AttachKindOf<Section>] extends [never]
  ? Link
  : AttachKindOf<Section> extends 'iter'
    ? IterLink
    : Link;

/** A program in the kernel, of an object or opened by {@link openProgram}. */
export class Program<Section extends string = string, Context = Uint8Array> extends LoadedProgram<Section> {
  /** @internal The row of its section; undefined where that is of no kind. */
  readonly kind: AttachKind | undefined;
  readonly #context: Codec<unknown> | undefined;
  readonly #streams = new Map<StreamName, EventStream<string>>();

  /** @internal `context`: what a syscall program is given. */
  constructor(
    handle: ProgramHandle,
    state: ObjectState,
    name: string,
    section: Section,
    kind: AttachKind | undefined,
    context?: Codec<Context>,
    pinPath?: string,
  ) {
    super(handle, state, name, section, pinPath);
    this.kind = kind;
    this.#context = context as Codec<unknown> | undefined;
  }

  /**
   * Lines that the program writes with `bpf_stream_printk(BPF_STDOUT, …)`, with the face of events. A loop looks for
   * them every 100 ms, or at the `pollInterval` asked for; what is not read yet waits in the kernel, up to 100,000
   * bytes (`BPF_STREAM_MAX_CAPACITY` in include/linux/bpf.h).
   *
   * @since Linux 6.17
   * @example
   * ```ts
   * for await (const line of bpf.programs.on_exec.stdout) console.log(line);
   * ```
   */
  get stdout(): EventStream<string> {
    return this.#stream('stdout');
  }

  /**
   * The same of `BPF_STDERR`, to which the kernel reports a deadlock, a timeout or a fault of the program
   * (bpf_stream_stage_commit() in kernel/bpf/stream.c).
   *
   * @since Linux 6.17
   */
  get stderr(): EventStream<string> {
    return this.#stream('stderr');
  }

  /** The verifier's log of the accepted program; undefined unless `OpenProgram.verifierLog` asked for it. */
  get verification(): Verification | undefined {
    return this.state.verifications.get(this.name);
  }

  /** @internal True while a link lives that its section alone has made. */
  get isAttached(): boolean {
    return this.state.attachedBySection.get(this.name)?.closed === false;
  }

  /** @internal True where it was opened by itself, without its object. */
  get alone(): boolean {
    return this.state instanceof BareState;
  }

  /** @internal Whether attaching the whole object attaches it. */
  get autoattach(): boolean {
    return native().programAutoattach(this.nativeHandle) === 1;
  }

  /** @internal Why it was left out by `load()`, where that was its choice. */
  get leftOut(): string | undefined {
    return this.state.leftOut.get(this.name);
  }

  /** True when the program was loaded; false when its autoload was off. */
  get loaded(): boolean {
    this.state.use(`state of program ${this.name}`);
    return native().programFd(this.nativeHandle) >= 0;
  }

  /**
   * Attaches, off the main thread: as the section says, and as the options say. What the section leaves open has to
   * be in the options; what it says, they may override. A function, system call, tracepoint or probe may be several
   * names, of which the first that is there is taken; {@link Link.target} says which.
   *
   * @throws BpfError with the errno's name, `ERR_BPF_ARGUMENT` where neither section nor options say enough.
   * @example
   * ```ts
   * const link = await bpf.programs.on_free.attach({ function: ['free_it', 'free_it.isra.0'] });
   * console.log(link.target);
   * ```
   */
  attach(...[options]: AttachArguments<Section>): Promise<LinkOf<Section>> {
    return this.state.queue.run(() => this.attachFlow(options));
  }

  /** {@link attach} on this thread. */
  attachSync(...[options]: AttachArguments<Section>): LinkOf<Section> {
    return runSync(this.attachFlow(options));
  }

  /**
   * Says which struct_ops table the kernel functions that the program calls are to work for, until both are gone. Programs
   * of struct_ops have their own by themselves.
   *
   * @throws BpfError `EBUSY` where it has another one (bpf_prog_assoc_struct_ops() in kernel/bpf/bpf_struct_ops.c);
   * `EINVAL` of a program of struct_ops (prog_assoc_struct_ops() in kernel/bpf/syscall.c).
   * @since Linux 7.0
   * @example
   * ```ts
   * await bpf.programs.on_exec.assocStructOps(bpf.maps.reno);
   * ```
   */
  assocStructOps(map: StructOpsMap): Promise<void> {
    return this.state.queue.run(() => this.#assocStructOps(map));
  }

  /** {@link assocStructOps} on this thread. */
  assocStructOpsSync(map: StructOpsMap): void {
    runSync(this.#assocStructOps(map));
  }

  #assocStructOps(map: StructOpsMap): Flow<void> {
    const operation = `associate program ${this.name} with ${map?.name}`;
    return this.state.during(operation, () => {
      requireMethod(operation, map, 'associate', 'it takes a map of struct_ops');
      return map.associate(this);
    });
  }

  /**
   * Runs it on data and a context that are made up, off the main thread: for tests, for measuring, and for programs
   * that are called and not attached. What it takes and answers follows from the section.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` for what programs of its type do not take, or the errno's name.
   * @example
   * ```ts
   * const { retval, duration } = await bpf.programs.guard.testRun({ data: new Uint8Array(64), repeat: 1_000 });
   * console.log(retval === 1 ? 'drop' : 'pass', `${duration} ns`);
   * ```
   */
  async testRun(...[options]: TestRunArguments<Section, Context>): Promise<TestRunOf<Section, Context>> {
    return run(this.#testRun(options));
  }

  /** {@link testRun} on this thread, which waits until the last repetition has ended. */
  testRunSync(...[options]: TestRunArguments<Section, Context>): TestRunOf<Section, Context> {
    return runSync(this.#testRun(options));
  }

  #testRun(options: object = {}): Flow<TestRunOf<Section, Context>> {
    const operation = `test run of program ${this.name}`;
    return this.state.during(operation, () => this.#runOnce(operation, options));
  }

  *#runOnce(operation: string, options: object): Flow<TestRunOf<Section, Context>> {
    const { nativeHandle: handle, section } = this;
    if (!this.loaded) void this.fd; // throws, and says why
    const program = { handle, section, operation, context: this.#context };
    const { testRunFlow } = yield* testRuns.need(operation);
    return (yield* testRunFlow(program, options as AnyTestRunOptions)) as TestRunOf<Section, Context>;
  }

  /** @internal */
  attachFlow(options?: object): Flow<LinkOf<Section>> {
    const link = this.state.during(`attach ${this.name}`, () => attachOne(this, options));
    return link as Flow<LinkOf<Section>>;
  }

  #stream(name: StreamName): EventStream<string> {
    const { nativeHandle, state, name: program } = this;
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const { programStream } = programStreams.now(`read ${name} of program ${program}`);
    const stream = programStream(nativeHandle, state, program, name);
    this.#streams.set(name, stream);
    return stream;
  }
}
