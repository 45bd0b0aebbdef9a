/**
 * What a verification took, from the last lines of the verifier's log (print_verification_stats() in
 * kernel/bpf/verifier.c).
 */

/** Figures of a verification. */
export interface VerifierStatistics {
  /** Instructions that the verifier went through, each as often as it came to it. */
  readonly instructionsProcessed: number;
  /** The most that it may go through. */
  readonly instructionLimit: number;
  /** The most states at one instruction. */
  readonly statesPerInstruction: number;
  readonly totalStates: number;
  readonly peakStates: number;
  /** Bytes of stack by function, the main one first; empty where the log has none. */
  readonly stackDepth: readonly number[];
  /** Nanoseconds that it took, to the microsecond; undefined where the log has none. */
  readonly duration: bigint | undefined;
}

const figures =
  /^processed (\d+) insns \(limit (\d+)\) max_states_per_insn (\d+) total_states (\d+) peak_states (\d+)/m;

/** Reads the figures; undefined where the verifier did not come so far as to write them. */
export function statisticsIn(log: string): VerifierStatistics | undefined {
  const found = log.match(figures)?.slice(1).map(Number);
  if (found === undefined) return undefined;
  const [processed = 0, limit = 0, perInstruction = 0, total = 0, peak = 0] = found;
  const depth =
    log
      .match(/^stack depth ([\d+]+)/m)?.[1]
      ?.split('+')
      .map(Number) ?? [];
  const time = log.match(/^verification time (\d+) usec/m)?.[1];
  return {
    instructionsProcessed: processed,
    instructionLimit: limit,
    statesPerInstruction: perInstruction,
    totalStates: total,
    peakStates: peak,
    stackDepth: depth,
    duration: time === undefined ? undefined : BigInt(time) * 1000n,
  };
}
