/** A program before load: what may still be changed about it. */
import { constants } from 'node:os';
import { programIdOf } from '../attach/freplace-holder.js';
import { argumentError } from '../errors/arguments.js';
import { type ProgramTypeName, programTypes } from '../kinds/program-types.js';
import { check, errnoError } from '../native/errno.js';
import { native, type Status } from '../native/native.js';
import { logLevels, type VerifierLog } from '../verifier/index.js';
import type { Program } from './program.js';
import { ProgramBase } from './program-base.js';

const { ENOENT } = constants.errno;

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
    const operation = this.state.use(`set autoload of program ${this.name}`);
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
    const operation = this.state.use(`set the log level of program ${this.name} to ${which}`);
    check(native().programSetLogLevel(this.nativeHandle, logLevels[which] ?? -1), operation);
  }

  /**
   * Another type than the section's, for a program that fits several, as one that only looks at packets.
   *
   * @param type - as `xdp`
   * @param section - one whose attach type the kernel is told at load, as `cgroup/connect4`
   * @throws BpfError `ERR_BPF_ARGUMENT` for an unknown type, `EINVAL` for an unknown section
   */
  setType(type: ProgramTypeName, section?: string): this {
    const operation = this.state.use(`make program ${this.name} a ${type}`);
    if (!Object.hasOwn(programTypes, type)) {
      const reason = `there is no such type; there are ${Object.keys(programTypes).join(', ')}`;
      throw argumentError(operation, reason);
    }
    const attachType = section === undefined ? 0 : check(native().attachTypeByName(section), operation);
    check(native().programSetType(this.nativeHandle, programTypes[type].type, attachType), operation);
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
    const tried = [names].flat();
    const operation = this.state.use(`set the target of program ${this.name} to ${tried.join(', ')}`);
    const fd = target?.fd ?? 0;
    let status: Status = -ENOENT;
    for (const name of tried) {
      status = native().programSetAttachTarget(this.nativeHandle, fd, name);
      if (status < 0) continue;
      this.state.targets.set(this.name, { name, programId: target && programIdOf(fd) });
      return this;
    }
    throw errnoError(status, operation, { reason: noTarget(this.section, tried, target) });
  }
}

function noTarget(section: string, names: readonly string[], target: Program | undefined): string {
  const whose = target === undefined ? 'the kernel has' : `program ${target.name} has`;
  const none = names.length === 1 ? `no ${names[0]}` : `none of ${names.join(', ')}`;
  return `${whose} ${none} that SEC("${section}") attaches to`;
}
