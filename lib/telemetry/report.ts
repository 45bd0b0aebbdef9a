/** What is observed, and what is not. */
import type { ObservedMetric } from './observed-metric.js';
import type { CollectorName } from './table.js';

/** How one metric is observed. */
export interface ReportedMetric {
  readonly name: string;
  readonly collector: CollectorName;
  readonly isObserved: boolean;
  /** Where it comes from: hooks in the kernel that are attached, or counters that it keeps itself, in files. */
  readonly by: 'hooks' | 'files';
  /** Why it is not observed. */
  readonly reason: string | undefined;
}

/** What {@link KernelTelemetry.report} tells. */
export interface TelemetryReport {
  /** Whose doings: `process 4711`, `cgroup /sys/fs/cgroup/web`, `the host`. */
  readonly of: string;
  /** True once the process or cgroup is gone: what it did until then stays. */
  readonly isGone: boolean;
  readonly startTime: Date;
  readonly metrics: readonly ReportedMetric[];
}

export function reported({ name, collector, row, reason }: ObservedMetric): ReportedMetric {
  const by = row.source === undefined ? 'files' : 'hooks';
  return { name, collector, isObserved: reason === undefined, by, reason };
}
