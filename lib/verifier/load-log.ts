/** The verifier's logs inside what libbpf says of a load: one for each program that failed or asked for its own. */
import { statisticsIn, type VerifierStatistics } from './statistics.js';

/** What the verifier said of a program that it accepted. */
export interface Verification {
  readonly statistics: VerifierStatistics | undefined;
  /** What it said, whole. */
  readonly log: string;
}

/** How much the verifier is asked to say: figures alone, or each instruction with the state before it. */
export type VerifierLog = 'none' | 'statistics' | 'full';

/** `log_level` of bpf(2): 1 for what fails, 2 for every instruction, 4 for figures. */
export const logLevels: Readonly<Record<VerifierLog, number>> = { none: 0, statistics: 5, full: 7 };

const block = /prog '([^']+)': -- BEGIN PROG LOAD LOG --\n([\s\S]*?)-- END PROG LOAD LOG --/g;

/** Program and log of each, in their order; the last one is that of the program that failed. */
export function logsIn(text: string): [program: string, log: string][] {
  return Array.from(text.matchAll(block), ([, program = '', log = '']) => [program, log]);
}

/** What the verifier said of accepted programs, by name. */
export function verificationsIn(text: string): ReadonlyMap<string, Verification> {
  return new Map(logsIn(text).map(([program, log]) => [program, { statistics: statisticsIn(log), log }]));
}
