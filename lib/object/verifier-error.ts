/** A program that the kernel's verifier rejected, with its whole log and what that means. */

import { BpfError, type BpfErrorParts } from '../errors/bpf-error.js';
import { kernelRelease } from '../host/kernel.js';
import { hiddenByLockdown } from '../host/lockdown.js';
import { errnoName } from '../native/errno.js';
import type { Status } from '../native/native.js';
import {
  type Diagnosis,
  diagnose,
  type FailedRelocation,
  logsIn,
  type ProgramLines,
} from '../verifier/index.js';

/**
 * The verifier rejected a program: `code` is `ERR_BPF_VERIFIER`, `errno` what bpf(2) answered.
 *
 * @example
 * ```ts
 * await load('x.bpf.o').catch(error => {
 *   if (!(error instanceof VerifierError)) throw error;
 *   const { mistake, source, remedy } = error.diagnosis;
 *   console.error(`${source?.file}:${source?.line}: ${mistake}: ${remedy}`);
 * });
 * ```
 */
export class VerifierError extends BpfError {
  override readonly name: string = 'VerifierError';
  /** The program's name. */
  readonly program: string;
  /** Where it is wrong, what is, why, and what to do. */
  readonly diagnosis: Diagnosis;
  readonly #log: string;

  /** Public, so that tests of an application can make one. */
  constructor(parts: BpfErrorParts, program: string, verifierLog: string, diagnosis = diagnose(verifierLog)) {
    super(parts);
    this.program = program;
    this.diagnosis = diagnosis;
    this.#log = verifierLog;
    // Up to megabytes, which nobody wants printed with the error.
    Object.defineProperty(this, 'log', { enumerable: false });
  }

  /** What the verifier said, whole. */
  get verifierLog(): string {
    return this.#log;
  }

  /**
   * @internal The error that libbpf's log of a failed load tells of; undefined when no verifier spoke.
   *
   * @param lines - source lines of a program
   * @param lacking - what of the program this kernel does not have, where that is known
   */
  static fromLog(
    status: Status,
    operation: string,
    log: string,
    lines: (program: string) => ProgramLines | undefined = () => undefined,
    lacking?: string,
  ): VerifierError | undefined {
    const [program, verifierLog] = logsIn(log).at(-1) ?? ['', ''];
    if (verifierLog.trim() === '') return undefined;
    const diagnosis = diagnose(verifierLog, lines(program));
    const reason = `the verifier rejected program ${program} (${errnoName(status)})${placeOf(diagnosis)}: ${diagnosis.verdict}`;
    const parts = {
      code: 'ERR_BPF_VERIFIER',
      errno: status,
      operation,
      reason,
      hint: hintOf(diagnosis, lacking),
      log,
    };
    return new VerifierError(parts, program, verifierLog, diagnosis);
  }
}

function placeOf({ source }: Diagnosis): string {
  return source === undefined ? '' : ` at ${source.file}:${source.line}, ${source.text}`;
}

function hintOf({ verdict, why, remedy, relocation }: Diagnosis, lacking?: string): string {
  const whole = 'the whole log is in error.verifierLog';
  const locked = hiddenByLockdown(verdict);
  const explained = locked === undefined ? [absentHere(relocation) ?? why, remedy] : [locked];
  return [lacking, ...explained, whole].filter(text => text !== undefined).join('; ');
}

/** What CO-RE looked for, and in which kernel. */
function absentHere(relocation: FailedRelocation | undefined): string | undefined {
  if (relocation === undefined) return undefined;
  const [type] = relocation.type.split('___'); // without the flavor, which is the program's own
  const what = relocation.field === undefined ? type : `${relocation.field} in ${type}`;
  return `Linux ${kernelRelease} has no ${what}`;
}
