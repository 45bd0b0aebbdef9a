/** A program that the kernel's verifier rejected, with its whole log. */
import { errnoName } from './errno.js';
import { BpfError, type BpfErrorParts } from './errors.js';
import type { Status } from './native.js';

/** The verifier rejected a program: `code` is `ERR_BPF_VERIFIER`, `errno` what bpf(2) answered. */
export class VerifierError extends BpfError {
  override readonly name: string = 'VerifierError';
  /** The program's name. */
  readonly program: string;
  /** What the verifier said, whole. */
  readonly verifierLog: string;

  constructor(parts: BpfErrorParts, program: string, verifierLog: string) {
    super(parts);
    this.program = program;
    this.verifierLog = verifierLog;
  }

  /** The error that libbpf's log of a failed load tells of; undefined when no verifier spoke. */
  static fromLog(status: Status, operation: string, log: string): VerifierError | undefined {
    const found = log.match(/prog '([^']+)': -- BEGIN PROG LOAD LOG --\n([\s\S]*?)-- END PROG LOAD LOG --/);
    const [, program = '', verifierLog = ''] = found ?? [];
    if (found === null || verifierLog.trim() === '') return undefined;
    const reason = `the verifier rejected program ${program} (${errnoName(status)}): ${verdict(verifierLog)}`;
    const hint = 'the whole log is in error.verifierLog';
    const parts = { code: 'ERR_BPF_VERIFIER', errno: status, operation, reason, hint, log };
    return new VerifierError(parts, program, verifierLog);
  }
}

/** The last line that is neither statistics nor a state dump says what was wrong. */
function verdict(log: string): string {
  const lines = log.split('\n').map(line => line.trim());
  const telling = lines.filter(line => line !== '' && !isStatistics(line));
  return telling.at(-1) ?? 'it did not say why';
}

function isStatistics(line: string): boolean {
  return /^(processed \d+ insns|verification time|stack depth|max_states|total_states|peak_states|mark_read)/.test(
    line,
  );
}
