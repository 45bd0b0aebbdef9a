/** A program before load: what may still be changed about it. */
import type { Insn } from '../asm/index.js';
import { requireWord } from '../errors/arguments.js';
import { type FlagList, flagBits, flagsIn } from '../errors/flags.js';
import { type AttachTypeName, attachTypeName, attachTypes } from '../kinds/attach-types.js';
import { type ProgramFlagName, programFlags } from '../kinds/program-flags.js';
import { type ProgramTypeName, programTypes } from '../kinds/program-types.js';
import { check } from '../native/errno.js';
import { runSync } from '../native/flow.js';
import { findInterface, ownNetns } from '../native/interfaces.js';
import { native, type ProgramHandle, type Status } from '../native/native.js';
import type { NewInsns, ObjectState } from '../native/owner.js';
import type { KernelPlace } from '../native/place.js';
import { logLevels, type VerifierLog } from '../verifier/index.js';
import { setAttachTarget } from './attach-target.js';
import { insnsOf, typeOf } from './libbpf-program.js';
import { requireInsns } from './replace-insns.js';

const flagWords = Object.fromEntries(
  Object.entries(programFlags).map(([name, { flag }]) => [name, flag]),
) as Readonly<Record<ProgramFlagName, number>>;

const levelNames = Object.keys(logLevels) as VerifierLog[];

/** A program before load. */
export class OpenProgram<Section extends string = string> {
  /** @internal */
  readonly nativeHandle: ProgramHandle;
  /** @internal */
  protected readonly state: ObjectState;
  /** The C function's name. */
  readonly name: string;
  /** The ELF section, as `tp/sched/sched_process_exec`. */
  readonly section: Section;

  /** @internal */
  constructor(handle: ProgramHandle, state: ObjectState, name: string, section: Section) {
    this.nativeHandle = handle;
    this.state = state;
    this.name = name;
    this.section = section;
  }

  /** libbpf's word for its type, as `xdp`; a number behind `unknown` where libbpf 1.7 has none. */
  get type(): ProgramTypeName | `unknown ${number}` {
    return typeOf(this.nativeHandle, this.state.use(`type of program ${this.name}`));
  }

  /** Its instructions as the object has them, where maps and functions have no numbers yet. */
  insns(): Insn[] {
    return insnsOf(this.nativeHandle, this.state.use(`instructions of program ${this.name}`));
  }

  /** Whether `load()` loads this program. Set it to false for one that is newer than the kernel. */
  get autoload(): boolean {
    return this.#read('autoload', native().programAutoload) === 1;
  }

  set autoload(autoload: boolean) {
    this.#set('autoload of', autoload, program => native().programSetAutoload(program, autoload));
  }

  /**
   * What the verifier is to log when it accepts this program (`log_level` of `BPF_PROG_LOAD`); `Program.verification`
   * has it then. A rejected program's log is always whole.
   */
  get verifierLog(): VerifierLog {
    const level = this.#read('log level', native().programLogLevel);
    return levelNames.find(name => logLevels[name] === level) ?? 'none';
  }

  set verifierLog(which: VerifierLog) {
    const level = logLevels[which] ?? -1;
    this.#set('the log level of', which, program => native().programSetLogLevel(program, level));
  }

  /** Whether `LoadedObject.attach()` attaches it too. Set it to false to attach it by itself, later or never. */
  get autoattach(): boolean {
    return this.#read('autoattach', native().programAutoattach) === 1;
  }

  set autoattach(autoattach: boolean) {
    this.#set('autoattach of', autoattach, program => native().programSetAutoattach(program, autoattach));
  }

  /** Besides those that its section implies, as `['strict_alignment']`. */
  get flags(): FlagList<ProgramFlagName> {
    return flagsIn(flagWords, this.#read('flags', native().programFlags));
  }

  set flags(flags: FlagList<ProgramFlagName>) {
    const operation = this.state.change(`set the flags of program ${this.name} to ${String(flags)}`);
    check(native().programSetFlags(this.nativeHandle, flagBits(operation, flagWords, flags)), operation);
  }

  /**
   * `expected_attach_type` at load, as `cgroup_inet4_connect`; its section says one. Of types for which it makes no
   * difference `cgroup_inet_ingress`, which is 0 (bpf_prog_load_check_attach() in kernel/bpf/syscall.c).
   */
  get attachType(): AttachTypeName {
    return attachTypeName(this.#read('attach type', native().programExpectedAttachType)) as AttachTypeName;
  }

  set attachType(name: AttachTypeName) {
    const operation = this.state.change(`set the attach type of program ${this.name} to ${String(name)}`);
    requireWord(operation, 'attach type', name, attachTypes);
    check(native().programSetExpectedAttachType(this.nativeHandle, attachTypes.indexOf(name)), operation);
  }

  /**
   * Another type than the section's, for a program that fits several, as one that only looks at packets. The section's
   * attach type goes with its type: set {@link attachType} behind it where the new one has several.
   *
   * @param type - as `xdp`
   * @throws BpfError `ERR_BPF_ARGUMENT` for an unknown type, `ERR_BPF_PHASE` after load
   * @example
   * ```ts
   * const opened = await open('filter.bpf.o');
   * opened.programs.look!.setType('cgroup_skb').attachType = 'cgroup_inet_egress';
   * ```
   */
  setType(type: ProgramTypeName): this {
    const operation = this.state.change(`make program ${this.name} a ${type}`);
    requireWord(operation, 'type', type, Object.keys(programTypes));
    check(native().programSetType(this.nativeHandle, programTypes[type].type), operation);
    check(native().programSetExpectedAttachType(this.nativeHandle, 0), operation);
    return this;
  }

  /**
   * The network interface that it is loaded for: to be offloaded to it, or, with the flag `xdp_dev_bound_only`, to use
   * what its driver tells of packets.
   *
   * @param device - its name or index in this network namespace
   * @throws BpfError `ENODEV` for an unknown one, `ERR_BPF_PHASE` after load
   * @since Linux 4.15; `xdp_dev_bound_only` 6.3 (bpf_prog_dev_bound_init() in kernel/bpf/offload.c)
   */
  setInterface(device: string | number): this {
    const operation = this.state.change(`load program ${this.name} for interface ${device}`);
    const { index } = runSync(findInterface(ownNetns, device, operation));
    check(native().programSetIfindex(this.nativeHandle, index), operation);
    return this;
  }

  /**
   * Other instructions than the file's, as by bpf_program__set_insns() in libbpf.c. They go to the kernel as they
   * are, so they name maps by descriptors, as `asm` of a map in the kernel does; what the file says of functions and
   * source lines goes with the old ones.
   *
   * @param insns - the new ones; or a function that makes them of the program's own, once libbpf has put numbers of
   * maps, functions and fields into those
   * @throws BpfError `ERR_BPF_ARGUMENT` for none, `ERR_BPF_PHASE` after load
   * @example
   * ```ts
   * const opened = await open('filter.bpf.o');
   * opened.programs.look!.setInsns(asm`r0 = 0; exit`);
   * ```
   */
  setInsns(insns: NewInsns): this {
    const operation = this.state.change(`replace the instructions of program ${this.name}`);
    requireInsns(operation, insns);
    this.state.insns.set(this.name, insns);
    return this;
  }

  /** @internal Says why it is not loaded. */
  leaveOut(reason: string): void {
    this.state.leftOut.set(this.name, reason);
  }

  /**
   * Another target than the section's, for kinds that BTF names a target of: fentry and its like, LSM, freplace.
   *
   * @param names - a function of the kernel, or of the other program; or several, of which the first that is there is
   * taken: `Link.target` says which.
   * @param target - the program in the kernel whose function it is; a freplace program needs one.
   * @throws BpfError `ESRCH` (find_kernel_btf_id() in libbpf.c) or `ENOENT` where there is no such function.
   * @example
   * ```ts
   * const opened = await open('freed.bpf.o');
   * opened.programs.on_free?.setAttachTarget(['free_it', 'free_it_now']);
   * ```
   */
  setAttachTarget(names: string | readonly string[], target?: KernelPlace): this {
    const operation = this.state.change(
      `set the target of program ${this.name} to ${[names].flat().join(', ')}`,
    );
    setAttachTarget(this, this.state, names, target, operation);
    return this;
  }

  #read(what: string, ask: (program: ProgramHandle) => Status): number {
    const operation = this.state.use(`${what} of program ${this.name}`);
    return check(ask(this.nativeHandle), operation);
  }

  #set(what: string, value: unknown, set: (program: ProgramHandle) => Status): void {
    const operation = this.state.change(`set ${what} program ${this.name} to ${String(value)}`);
    check(set(this.nativeHandle), operation);
  }
}
