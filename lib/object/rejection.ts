/** The error of a rejected program, from libbpf's log of the failed load (bpf_object_load_prog() in libbpf.c). */
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
import { VerifierError } from './verifier-error.js';

/**
 * Undefined when the log has no verifier's log.
 *
 * @param lines - source lines of a program
 * @param lacking - what of the program this kernel does not have, where that is known
 */
export function rejection(
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
  const code = 'ERR_BPF_VERIFIER';
  const parts = { code, errno: status, operation, reason, hint: hintOf(diagnosis, lacking), log };
  return new VerifierError(parts, program, verifierLog, diagnosis);
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
