/** The kernel's count of how often and how long programs run. */
import { closeSync } from 'node:fs';
import type { BpfError } from '../errors/bpf-error.js';
import { isOlderThan } from '../host/kernel.js';
import { explainById } from '../native/by-id.js';
import { Resource } from '../native/closable.js';
import { errnoError, errnoName } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import type { Status } from '../native/native.js';

/**
 * Counting, until it is closed or the process ends; the kernel counts while any such descriptor is open
 * (bpf_enable_runtime_stats() in kernel/bpf/syscall.c).
 */
export class RunStatistics extends Resource {
  readonly #fd: number;

  /** @internal Made by `enableStats()`. */
  constructor(fd: number) {
    super();
    this.#fd = fd;
  }

  /** @internal */
  protected get subject(): string {
    return 'run statistics';
  }

  /** @internal */
  // biome-ignore lint/correctness/useYield: closing a descriptor does not wait
  protected *end(): Flow<void> {
    closeSync(this.#fd);
  }
}

/**
 * Has the kernel count how often and how long every program on the machine runs: `runs` and `runTime` of
 * `Program.info`. It costs each run two looks at a clock, and ends when the answer is closed, or with the process;
 * the sysctl `kernel.bpf_stats_enabled` is left as it is.
 *
 * @throws BpfError `EPERM` without CAP_SYS_ADMIN (bpf_enable_stats() in kernel/bpf/syscall.c)
 * @since Linux 5.8
 * @example
 * ```ts
 * await using counting = await enableStats();
 * const { runs, runTime } = bpf.programs.on_exec.info;
 * ```
 */
export function enableStats(): Promise<RunStatistics> {
  return run(enabled());
}

/** {@link enableStats} on this thread. */
export function enableStatsSync(): RunStatistics {
  return runSync(enabled());
}

/** `BPF_STATS_RUN_TIME`. */
const runTime = 0;

function* enabled(): Flow<RunStatistics> {
  const [fd] = yield* job('enableStats', runTime);
  if (fd < 0) throw refusal(fd);
  return new RunStatistics(fd);
}

function refusal(status: Status): BpfError {
  const operation = 'enable statistics of programs';
  const code = errnoName(status);
  if (code === 'EPERM') return errnoError(status, operation, explainById(status));
  const hint = isOlderThan('5.8')
    ? 'it needs Linux 5.8; before: sysctl kernel.bpf_stats_enabled=1'
    : undefined;
  return errnoError(status, operation, { hint });
}
