/** How much of the machine's time programs take, measured again and again. */

import { setTimeout as sleep } from 'node:timers/promises';
import { argumentError, requireOptions } from '../errors/arguments.js';
import type { ProgramInfo } from '../program/info.js';
import { programs } from './programs.js';
import { enableStats } from './statistics.js';

/** What one program did during one interval. */
export interface ProgramUsage {
  readonly program: ProgramInfo;
  /** How often it ran. */
  readonly runs: bigint;
  /** Nanoseconds that it ran, on all CPUs together. */
  readonly runTime: bigint;
  /** Of the time of one CPU: 1 is a CPU that does nothing else, and with several of them it may be more. */
  readonly cpu: number;
}

/** How {@link programUsage} measures. */
export interface UsageOptions {
  /** Milliseconds of one measurement; a second by default. */
  readonly interval?: number | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

interface Sample {
  /** Nanoseconds. */
  readonly time: bigint;
  readonly programs: ReadonlyMap<number, ProgramInfo>;
}

/**
 * Measures what every program on the machine takes, once in each interval, the busiest first. The kernel counts while
 * this is read: {@link enableStats}. A program that was loaded meanwhile counts, one that went away does not.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN (bpf_enable_stats() in kernel/bpf/syscall.c)
 * @since Linux 5.8
 * @example
 * ```ts
 * for await (const [busiest] of programUsage({ interval: 5_000 })) console.log(busiest?.program.name, busiest?.cpu);
 * ```
 */
export async function* programUsage(
  options: UsageOptions = {},
): AsyncGenerator<readonly ProgramUsage[], void, undefined> {
  requireOptions('measure programs', options, ['interval', 'signal']);
  const { interval = 1000, signal } = options;
  checkInterval(interval);
  await using _counting = await enableStats();
  for (let before = await sample(); !signal?.aborted; ) {
    if (!(await pause(interval, signal))) return;
    const now = await sample();
    yield usageBetween(before, now);
    before = now;
  }
}

function checkInterval(interval: number): void {
  if (interval >= 1 && interval < 2 ** 31) return;
  const reason = `an interval is a number of milliseconds, not ${interval}`;
  throw argumentError('measure programs', reason);
}

/** False where it was cut short. */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

async function sample(): Promise<Sample> {
  const found = new Map<number, ProgramInfo>();
  const time = process.hrtime.bigint();
  for await (const program of programs()) found.set(program.id, program);
  return { time, programs: found };
}

function usageBetween(before: Sample, now: Sample): ProgramUsage[] {
  const elapsed = Number(now.time - before.time);
  const rows = Array.from(now.programs.values(), program => {
    const { runs = 0n, runTime = 0n } = before.programs.get(program.id) ?? {};
    const took = program.runTime - runTime;
    return { program, runs: program.runs - runs, runTime: took, cpu: Number(took) / elapsed };
  });
  return rows.sort((a, b) => b.cpu - a.cpu || a.program.id - b.program.id);
}
