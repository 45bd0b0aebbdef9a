/** Attaches a probe's program where its trigger says. */
import type { Trigger } from '../probes/plan.js';
import type { RunningProgram } from './programs.js';

/** Whom probes are about, where it is not everybody. */
export interface AttachTarget {
  /** Of uprobes and perf events. */
  readonly pid?: number | undefined;
  readonly binaryPath: (name: string) => string;
}

/** True for what this process runs by itself. */
export function isRunHere({ kind }: Trigger): boolean {
  return kind === 'begin' || kind === 'end' || kind === 'signal' || kind === 'iter';
}

export async function attachProgram(
  program: RunningProgram,
  trigger: Trigger,
  target: AttachTarget,
): Promise<void> {
  if (trigger.kind === 'usdt') {
    for (const options of usdtOptions(trigger, target)) await program.attach(options);
    return;
  }
  const options = attachOptions(trigger, target);
  if (options !== undefined) await program.attach(options);
}

/** Each place of the probe. The word that counts who traces it is the kernel's to change. */
function usdtOptions(
  { binary, places }: Trigger & { kind: 'usdt' },
  { pid, binaryPath }: AttachTarget,
): object[] {
  return places.map(({ offset, semaphore }) => ({
    binary: binaryPath(binary),
    offset: Number(offset),
    ...(semaphore > 0n && { refCounterOffset: Number(semaphore) }),
    ...(pid !== undefined && { pid }),
  }));
}

function attachOptions(trigger: Trigger, { pid, binaryPath }: AttachTarget): object | undefined {
  const whom = pid === undefined ? {} : { pid };
  switch (trigger.kind) {
    case 'tracepoint':
    case 'rawtracepoint':
    case 'fentry':
    case 'fexit':
      return {};
    case 'interval':
      return { event: 'cpu-clock', ...often(trigger), cpus: [0] };
    case 'profile':
      return { event: 'cpu-clock', ...often(trigger), ...whom };
    case 'event':
      return { event: trigger.event, period: trigger.period, ...whom };
    case 'watchpoint': {
      const { address: breakpoint, length, access } = trigger;
      return { event: { breakpoint, length, access }, period: 1n, ...whom };
    }
    case 'function':
      return { function: trigger.function, ...(trigger.offset > 0 && { offset: trigger.offset }) };
    case 'user-function':
      return userFunctionOptions(trigger, binaryPath, whom);
    default:
      return undefined;
  }
}

function often({ period, frequency }: Trigger & { kind: 'interval' | 'profile' }): object {
  return frequency === undefined ? { period } : { frequency };
}

function userFunctionOptions(
  { binary, function: name, offset }: Trigger & { kind: 'user-function' },
  binaryPath: (name: string) => string,
  whom: object,
): object {
  const isAddress = /^(?:0x[\da-f]+|\d+)$/i.test(name);
  const place = isAddress ? { offset: Number(name) } : { function: name, ...(offset > 0 && { offset }) };
  return { binary: binaryPath(binary), ...place, ...whom };
}
