/** A program that the kernel's verifier rejected, with its whole log and what that means. */

import { BpfError, type BpfErrorParts } from '../errors/bpf-error.js';
import type { Diagnosis } from '../verifier/index.js';

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

  /** Public, so that tests of an application can make one, with the diagnosis of `diagnose(verifierLog)`. */
  constructor(parts: BpfErrorParts, program: string, verifierLog: string, diagnosis: Diagnosis) {
    super(parts);
    this.program = program;
    this.diagnosis = diagnosis;
    this.#log = verifierLog;
    // Up to megabytes, too much to print with the error.
    Object.defineProperty(this, 'log', { enumerable: false });
  }

  /** The verifier's log, whole. */
  get verifierLog(): string {
    return this.#log;
  }
}
