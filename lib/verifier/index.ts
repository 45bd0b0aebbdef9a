/** The door of the verifier room: logs become diagnoses. */
export { type Diagnosis, diagnose } from './diagnosis.js';
export type { FailedRelocation } from './failed-relocation.js';
export type { KernelReport } from './kernel-report.js';
export { logLevels, logsIn, type Verification, type VerifierLog, verificationsIn } from './load-log.js';
export type { Instruction } from './log-line.js';
export { type Mistake, type MistakeName, verifierRules } from './mistakes.js';
export { ProgramLines, type SourceLine } from './program-lines.js';
export { statisticsIn, type VerifierStatistics } from './statistics.js';
