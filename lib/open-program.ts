/** A program before load: what may still be changed about it. */
import { check, errnoError } from './errno.js';
import { BpfError } from './errors.js';
import { type ProgramTypeName, programTypes } from './kinds/program-types.js';
import { native } from './native.js';
import type { Program } from './program.js';
import { ProgramBase } from './program-base.js';
import { logLevels, type VerifierLog } from './verifier/index.js';

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
      throw new BpfError({ code: 'ERR_BPF_ARGUMENT', operation, reason });
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
   * @param name - a function of the kernel, or of the other program.
   * @param target - the loaded program whose function it is; a freplace program needs one.
   * @throws BpfError `ESRCH` or `ENOENT` where there is no such function.
   */
  setAttachTarget(name: string, target?: Program): this {
    const operation = this.state.use(`set the target of program ${this.name} to ${name}`);
    const status = native().programSetAttachTarget(this.nativeHandle, target?.fd ?? 0, name);
    if (status < 0) throw errnoError(status, operation, { reason: noTarget(this.section, name, target) });
    return this;
  }
}

function noTarget(section: string, name: string, target: Program | undefined): string {
  const whose = target === undefined ? 'the kernel has' : `program ${target.name} has`;
  return `${whose} no ${name} that SEC("${section}") attaches to`;
}
