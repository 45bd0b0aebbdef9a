/** Observation begins. */
import {
  argumentError,
  requireList,
  requireObject,
  requireOptions,
  requireWord,
  shown,
} from '../errors/arguments.js';
import { type CollectorName, collectorNames } from './table.js';
import { findTarget, type TelemetryTarget } from './target.js';
import { KernelTelemetry } from './telemetry.js';

/** Options of {@link observe}. */
export interface ObserveOptions {
  /** Whose doings: this process, `{ pid }`, `{ cgroup }` with a folder below /sys/fs/cgroup, `{ container }` with an id, or the machine. */
  readonly of: TelemetryTarget;
  /** What is observed; all by default. */
  readonly collectors?: readonly CollectorName[];
  /** Labels that every series has beside its own, in text. */
  readonly labels?: Readonly<Record<string, string>>;
}

const operation = 'observe the kernel';

/**
 * Observes what the kernel does to a process, a cgroup or a machine: its time on CPUs and waiting for one, system calls and
 * their errors, files, processes, signals, memory. What it sees is metrics, by the conventions of OpenTelemetry and
 * Prometheus.
 *
 * Counting begins at 0 when this resolves. Several observers in one process share what is attached to the kernel. A
 * collector that this kernel or its rights do not allow is left out; {@link KernelTelemetry.report} says why.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for a collector or option that is not there; `ESRCH` or `ENOENT` for a process or
 * cgroup that is not; where nothing at all can be observed, why: `EPERM` without CAP_BPF and CAP_PERFMON, `ENOENT` where the
 * kernel has no BTF.
 * @since Linux 5.10; its hooks are tracepoints with types (`BPF_TRACE_RAW_TP` in include/uapi/linux/bpf.h)
 * @example
 * ```ts
 * await using kernel = await observe({ of: 'process' });
 * console.log(await kernel.text());
 * for (const { name, reason } of kernel.report().metrics) if (reason) console.log(name, reason);
 * ```
 */
export async function observe(options: ObserveOptions): Promise<KernelTelemetry> {
  requireObject(operation, "options say whose doings: { of: 'process' }", options);
  requireOptions(operation, options, ['of', 'collectors', 'labels']);
  const { of, collectors = collectorNames, labels = {} } = options;
  requireCollectors(collectors);
  requireLabels(labels);
  const target = await findTarget(of);
  return KernelTelemetry.start({ target, names: [...new Set(collectors)], labels });
}

function requireCollectors(given: readonly CollectorName[]): void {
  requireList(operation, 'collectors are named', given);
  if (given.length === 0)
    throw argumentError(operation, `no collector is named; there are ${collectorNames.join(', ')}`);
  for (const name of given) requireWord(operation, 'collector', name, collectorNames);
}

function requireLabels(labels: Readonly<Record<string, string>>): void {
  requireObject(operation, 'labels are names with their values', labels);
  for (const [name, value] of Object.entries(labels)) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name.startsWith('__'))
      throw argumentError(operation, `a label's name is letters, digits and underscores, not ${shown(name)}`);
    if (typeof value !== 'string')
      throw argumentError(operation, `label ${name} is a string, not ${shown(value)}`);
  }
}
