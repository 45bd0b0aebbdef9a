/** The public door `libbpf-ts/verifier`: the verifier's logs as diagnoses. Pure: it runs on any operating system. */

export {
  type Diagnosis,
  diagnose,
  type FailedRelocation,
  type Instruction,
  type KernelReport,
  type Mistake,
  type MistakeName,
  ProgramLines,
  type SourceLine,
  type Verification,
  type VerifierLog,
  type VerifierStatistics,
  verifierRules,
} from '../verifier/index.js';
