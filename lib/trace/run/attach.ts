/** Attaches a probe's program where its trigger says. */
import type { Closable } from '../../index.js';
import type { Trigger } from '../probes/plan.js';
import { offsetInFile } from './binaries.js';
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

/** Of these the kernel runs first what was attached last (consumer_add() in kernel/events/uprobes.c). */
const lastIsFirst = new Set<Trigger['kind']>(['user-function', 'usdt', 'fentry', 'fexit']);

/** In the order in which they are attached, so that programs of one place run as the script has them. */
export function inOrder<Probe extends { readonly plan: { readonly trigger: Trigger } }>(
  probes: readonly Probe[],
): Probe[] {
  const isLater = ({ plan: { trigger } }: Probe) =>
    lastIsFirst.has(trigger.kind) || (trigger.kind === 'function' && !trigger.isReturn);
  return [...probes.filter(each => !isLater(each)), ...probes.filter(isLater).reverse()];
}

/** @returns what detaches it */
export async function attachProgram(
  program: RunningProgram,
  trigger: Trigger,
  target: AttachTarget,
): Promise<Closable[]> {
  if (trigger.kind === 'usdt') {
    const links: Closable[] = [];
    for (const options of usdtOptions(trigger, target)) links.push(await program.attach(options));
    return links;
  }
  const options = attachOptions(trigger, target);
  return options === undefined ? [] : [await program.attach(options)];
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
      const { address: breakpoint, access } = trigger;
      // arch_build_bp_info() in arch/x86/kernel/hw_breakpoint.c takes no other length of instructions.
      const length = access === 'execute' ? 8 : trigger.length;
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
  const path = binaryPath(binary);
  const isAddress = /^(?:0x[\da-f]+|\d+)$/i.test(name);
  const place = isAddress
    ? { offset: Number(offsetInFile(path, BigInt(name))) + offset }
    : { function: name, ...(offset > 0 && { offset }) };
  return { binary: path, ...place, ...whom };
}
