/** A program before load: what may still be changed about it. */
import { argumentError, requireList } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { type FlagList, flagBits, flagsIn } from '../errors/flags.js';
import { meant } from '../errors/nearest.js';
import { type AttachTypeName, attachTypeName, attachTypes } from '../kinds/attach-types.js';
import { type ProgramFlagName, programFlags } from '../kinds/program-flags.js';
import { type ProgramTypeName, programTypes } from '../kinds/program-types.js';
import { check } from '../native/errno.js';
import { runSync } from '../native/flow.js';
import { findInterface, ownNetns } from '../native/interfaces.js';
import { native } from '../native/native.js';
import type { NewInsns } from '../native/owner.js';
import { logLevels, type VerifierLog } from '../verifier/index.js';
import { setAttachTarget } from './attach-target.js';
import type { Program } from './program.js';
import { ProgramBase } from './program-base.js';

const flagWords = Object.fromEntries(
  Object.entries(programFlags).map(([name, { flag }]) => [name, flag]),
) as Readonly<Record<ProgramFlagName, number>>;

const levelNames = Object.keys(logLevels) as VerifierLog[];

/** A program that the kernel does not have yet. */
export class OpenProgram<Section extends string = string> extends ProgramBase<Section> {
  /** Whether `load()` loads this program. Set it to false for one that this kernel cannot have. */
  get autoload(): boolean {
    return (
      check(
        native().programAutoload(this.nativeHandle),
        this.state.use(`autoload of program ${this.name}`),
      ) === 1
    );
  }

  set autoload(autoload: boolean) {
    const operation = this.state.change(`set autoload of program ${this.name} to ${autoload}`);
    check(native().programSetAutoload(this.nativeHandle, autoload), operation);
  }

  /**
   * What the verifier is to say when it accepts this program; `Program.verification` has it then. A rejected
   * program's log is always whole.
   */
  get verifierLog(): VerifierLog {
    const operation = this.state.use(`log level of program ${this.name}`);
    const level = check(native().programLogLevel(this.nativeHandle), operation);
    return levelNames.find(name => logLevels[name] === level) ?? 'none';
  }

  set verifierLog(which: VerifierLog) {
    const operation = this.state.change(`set the log level of program ${this.name} to ${which}`);
    check(native().programSetLogLevel(this.nativeHandle, logLevels[which] ?? -1), operation);
  }

  /** Whether `LoadedObject.attach()` attaches it too. Set it to false to attach it by itself, later or never. */
  get autoattach(): boolean {
    const operation = this.state.use(`autoattach of program ${this.name}`);
    return check(native().programAutoattach(this.nativeHandle), operation) === 1;
  }

  set autoattach(autoattach: boolean) {
    const operation = this.state.change(`set autoattach of program ${this.name} to ${autoattach}`);
    check(native().programSetAutoattach(this.nativeHandle, autoattach), operation);
  }

  /** Besides those that its section implies, as `['strict_alignment']`. */
  get flags(): FlagList<ProgramFlagName> {
    const operation = this.state.use(`flags of program ${this.name}`);
    return flagsIn(flagWords, check(native().programFlags(this.nativeHandle), operation));
  }

  set flags(flags: FlagList<ProgramFlagName>) {
    const operation = this.state.change(`set the flags of program ${this.name} to ${String(flags)}`);
    check(native().programSetFlags(this.nativeHandle, flagBits(operation, flagWords, flags)), operation);
  }

  /**
   * What the kernel is told at load of where it will be attached, as `cgroup_inet4_connect`; its section says one. Of
   * types for which this makes no difference `cgroup_inet_ingress`, which is 0.
   */
  get attachType(): AttachTypeName {
    const operation = this.state.use(`attach type of program ${this.name}`);
    const type = check(native().programExpectedAttachType(this.nativeHandle), operation);
    return attachTypeName(type) as AttachTypeName;
  }

  set attachType(name: AttachTypeName) {
    const operation = this.state.change(`set the attach type of program ${this.name} to ${String(name)}`);
    const type = attachTypes.indexOf(name);
    if (type < 0) throw unknownWord(operation, 'attach type', name, attachTypes);
    check(native().programSetExpectedAttachType(this.nativeHandle, type), operation);
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
    const names = Object.keys(programTypes);
    if (!names.includes(type)) throw unknownWord(operation, 'type', type, names);
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
   * @since Linux 4.15; `xdp_dev_bound_only` 6.3
   */
  setInterface(device: string | number): this {
    const operation = this.state.change(`load program ${this.name} for interface ${device}`);
    const { index } = runSync(findInterface(ownNetns, device, operation));
    check(native().programSetIfindex(this.nativeHandle, index), operation);
    return this;
  }

  /**
   * Other instructions than the file's. They go to the kernel as they are, so they name maps by descriptors, as `asm` of
   * a map in the kernel does; what the file says of functions and source lines goes with the old ones.
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
    if (typeof insns !== 'function') {
      requireList(operation, 'instructions are what asm`…` or insns() give', insns);
      if (insns.length === 0) throw argumentError(operation, 'a program has at least one instruction');
    }
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
   * @param target - the loaded program whose function it is; a freplace program needs one.
   * @throws BpfError `ESRCH` or `ENOENT` where there is no such function.
   * @example
   * ```ts
   * const opened = await open('freed.bpf.o');
   * opened.programs.on_free?.setAttachTarget(['free_it', 'free_it_now']);
   * ```
   */
  setAttachTarget(names: string | readonly string[], target?: Program): this {
    const operation = this.state.change(
      `set the target of program ${this.name} to ${[names].flat().join(', ')}`,
    );
    setAttachTarget(this, this.state, names, target, operation);
    return this;
  }
}

function unknownWord(operation: string, what: string, word: unknown, known: readonly string[]): BpfError {
  const reason = `there is no such ${what}; there are ${known.join(', ')}`;
  return argumentError(operation, reason, meant(String(word), known));
}
