/** What CPUs do, asked so many times a second. */
import { asm, type Insn } from '../doors/asm.js';
import { assembled, type LoadedObject } from '../index.js';
import { onCpu } from './stack-record.js';
import { type StackSums, sumAt } from './stack-sums.js';
import { leaveUnlessWanted, type ProfileTarget } from './target.js';

/** Samples on all CPUs until it is closed. @throws BpfError where perf events cannot be opened. */
export async function startSampling(
  target: ProfileTarget,
  sums: StackSums,
  frequency: number,
): Promise<LoadedObject> {
  const programs = { sample: { section: 'perf_event', insns: samplingProgram(target, sums) } } as const;
  const bpf = await assembled('profile', programs).load();
  try {
    await bpf.programs.sample.attach({ event: 'cpu-clock', frequency });
    return bpf;
  } catch (error) {
    await bpf.close();
    throw error;
  }
}

/** Counts one for the stack that the clock interrupted. */
function samplingProgram(target: ProfileTarget, sums: StackSums): Insn[] {
  return asm`
    r6 = r1
    call bpf_get_current_pid_tgid
    r7 = r0
    ${leaveUnlessWanted(target, sums.maps)}
    r9 = ${onCpu}
    ${sums.capture()}
    r1 = 1
    lock *(u64 *)(r7 +${sumAt.count}) += r1
  out:
    r0 = 0
    exit`;
}
