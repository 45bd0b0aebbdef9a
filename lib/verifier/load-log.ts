/**
 * The verifier's logs inside libbpf's log of a load (bpf_object_load_prog() in libbpf.c): one for each program that
 * failed or asked for its own.
 */
import { statisticsIn, type VerifierStatistics } from './statistics.js';

/** The verifier's log of a program that it accepted. */
export interface Verification {
  readonly statistics: VerifierStatistics | undefined;
  /** What it said, whole. */
  readonly log: string;
}

/** How much the verifier is asked to say: figures alone, or each instruction with the state before it. */
export type VerifierLog = 'none' | 'statistics' | 'full';

/** `log_level` of bpf(2): 1 for what fails, 2 for every instruction, 4 for figures. */
export const logLevels: Readonly<Record<VerifierLog, number>> = { none: 0, statistics: 5, full: 7 };

const end = '-- END PROG LOAD LOG --';

/** Program and log of each, in their order; the last one is that of the program that failed. */
export function logsIn(text: string): [program: string, log: string][] {
  const begin = /prog '([^']+)': -- BEGIN PROG LOAD LOG --\n/g;
  const logs: [string, string][] = [];
  for (let found = begin.exec(text); found; found = begin.exec(text)) {
    const stop = text.indexOf(end, begin.lastIndex);
    if (stop < 0) break;
    logs.push([found[1] ?? '', text.slice(begin.lastIndex, stop)]);
    begin.lastIndex = stop;
  }
  return logs;
}

/** The verifier's logs of accepted programs, by name. */
export function verificationsIn(text: string): ReadonlyMap<string, Verification> {
  return new Map(logsIn(text).map(([program, log]) => [program, { statistics: statisticsIn(log), log }]));
}
