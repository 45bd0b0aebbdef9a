/** What is wrong with a rejected program, from the verifier's log: where, what, why, and what to do. */
import { argumentError, requireMethod, shown } from '../errors/arguments.js';
import { type FailedRelocation, failedRelocation } from './failed-relocation.js';
import { type KernelReport, withoutReport } from './kernel-report.js';
import { type Instruction, type LogLine, logLine, registersIn } from './log-line.js';
import { type MistakeName, mistakeIn, verifierRules } from './mistakes.js';
import type { ProgramLines, SourceLine } from './program-lines.js';
import { statisticsIn, type VerifierStatistics } from './statistics.js';

/** What the log says, taken apart. */
export interface Diagnosis {
  /** The verifier's error, on one line. */
  readonly verdict: string;
  /** The decisive lines: source, instruction, verdict. */
  readonly summary: string;
  /** The class of the mistake; undefined where no class is known for the words. */
  readonly mistake: MistakeName | undefined;
  /** Why it is a mistake. */
  readonly why: string | undefined;
  /** What to do about it. */
  readonly remedy: string | undefined;
  /** The C line: of the instruction, or where the program starts when it is wrong as a whole. */
  readonly source: SourceLine | undefined;
  /** The instruction; for a leak, the one that acquired. */
  readonly instruction: Instruction | undefined;
  /**
   * What registers and stack slots held before the instruction, as far as the log has it (print_verifier_state() in
   * kernel/bpf/log.c).
   */
  readonly registers: Readonly<Record<string, string>>;
  /** What CO-RE did not find in the kernel, where that is the mistake. */
  readonly relocation: FailedRelocation | undefined;
  /** The kernel's own explanation, from Linux 7.3 on (kernel/bpf/diagnostics.c). */
  readonly report: KernelReport | undefined;
  readonly statistics: VerifierStatistics | undefined;
}

/**
 * Takes a log apart; those of Linux 5.10 to 7.3 are understood.
 *
 * @param log - the verifier's log, whole
 * @param lines - the program's source lines; without them only logs from Linux 6.9 on have file and line
 * (verbose_linfo() in kernel/bpf/log.c)
 */
export function diagnose(log: string, lines?: ProgramLines): Diagnosis {
  if (typeof log !== 'string') throw argumentError('read a verifier log', `it is text, not ${shown(log)}`);
  if (lines !== undefined) requireMethod('read a verifier log', lines, 'at', 'source lines are ProgramLines');
  const { rest, report } = withoutReport(log);
  const trail = new Trail(rest);
  const verdict = trail.verdict.join('; ') || report?.title || 'it did not say why';
  const instruction = trail.culprit;
  const mistake = mistakeIn(trail.verdict.join('\n')) ?? mistakeIn(instruction?.text ?? '');
  const source = lines?.at(instruction?.index ?? 0) ?? trail.source;
  return {
    verdict,
    summary: summaryOf(source, instruction, verdict),
    mistake,
    why: report?.reason || (mistake && verifierRules[mistake].why),
    remedy: report?.suggestion || (mistake && verifierRules[mistake].remedy),
    source,
    instruction,
    registers: Object.fromEntries(trail.registers),
    relocation: failedRelocation(rest),
    report,
    statistics: statisticsIn(log),
  };
}

function summaryOf(source: SourceLine | undefined, instruction: Instruction | undefined, verdict: string) {
  const place = source && `${source.file}:${source.line}: ${source.text}`;
  const code = instruction && `${instruction.index}: ${instruction.text}`;
  return [place, code, verdict].filter(line => line !== undefined).join('\n');
}

/** Words that name the instruction: a leak's is where it was acquired. */
const named = /alloc_insn=(\d+)|(?:back-edge from|detected at|unreachable|out of range from) insn (\d+)/;

/** How far the verifier came: its last instruction, the state there, and its error. */
class Trail {
  readonly registers = new Map<string, string>();
  readonly #instructions = new Map<number, Instruction>();
  #last: Instruction | undefined;
  #source: SourceLine | undefined;
  #pending = '';
  /** What was said since the last instruction. */
  readonly verdict: string[] = [];

  constructor(log: string) {
    for (const text of log.split('\n')) this.#take(logLine(text));
  }

  /** The instruction that is to blame. */
  get culprit(): Instruction | undefined {
    const index = this.verdict.join('\n').match(named)?.slice(1).find(Boolean);
    if (index === undefined) return this.#last;
    return this.#instructions.get(Number(index)) ?? { index: Number(index), text: '' };
  }

  /** Where the kernel tells it itself. */
  get source(): SourceLine | undefined {
    return this.culprit === this.#last ? this.#source : undefined;
  }

  #take(line: LogLine): void {
    if (line.kind === 'instruction') this.#step(line.instruction, line.state);
    else if (line.kind === 'state') this.#restart(line.text);
    else if (line.kind === 'words') this.verdict.push(line.text);
    else if (line.kind === 'source' && line.file !== undefined)
      this.#source = { file: line.file, line: line.line, text: line.text.trim() };
  }

  /** A state behind an instruction is what it left, so it counts for the next one. */
  #step(instruction: Instruction, state: string): void {
    this.#learn(this.#pending);
    this.#pending = state;
    this.#last = instruction;
    this.#instructions.set(instruction.index, instruction);
    this.verdict.length = 0;
  }

  /** A state on its own line is whole. */
  #restart(text: string): void {
    this.#pending = '';
    if (/^from /.test(text)) this.registers.clear();
    this.#learn(text);
    if (/^(from |\d+: )/.test(text)) this.verdict.length = 0;
  }

  #learn(state: string): void {
    for (const [name, value] of registersIn(state)) this.registers.set(name, value);
  }
}
