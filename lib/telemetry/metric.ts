/** What a metric is: the tables of collectors are made of these. */
import type { Durations, SourceName, SourceReading } from '../sources/index.js';
import type { ProcFiles } from './proc-files.js';

/** Whose doings are observed. */
export type TelemetryScope = 'process' | 'cgroup' | 'host';

/** How a metric is known of a scope: as it is, or not at all, for a reason. */
export type Coverage = 'exact' | { readonly refused: string };

/** One value of a metric: of each label in their order, and the count, or durations with their sum. */
export interface Sample {
  readonly labels: readonly string[];
  readonly value: bigint | Durations;
}

/** What collectors make samples of. */
export interface Readings {
  source(name: SourceName): SourceReading;
  readonly files: ProcFiles;
}

/** A row of the table. */
export interface MetricRow {
  /** OpenTelemetry's name; one without a convention begins with `kernel.`. */
  readonly name: string;
  /** Where conventions call it otherwise in a scope. */
  readonly names?: Partial<Readonly<Record<TelemetryScope, string>>>;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** As UCUM writes it: `s`, `By`, `{process}`. */
  readonly unit: string;
  /** How many of what a sample counts in make one unit: 1e9 nanoseconds are a second. */
  readonly perUnit?: number;
  readonly help: string;
  readonly labels: readonly string[];
  readonly coverage: Readonly<Record<TelemetryScope, Coverage>>;
  /** Hooks that it takes. */
  readonly source?: SourceName;
  /** The tracepoint among them that is not in every kernel. */
  readonly hook?: string;
  /** Labels of series that are there from the start, at 0. */
  readonly always?: readonly (readonly string[])[];
  samples(from: Readings): readonly Sample[];
}

/** Metrics that are observed together, or left out together. */
export interface CollectorRow {
  readonly name: string;
  readonly about: string;
  readonly metrics: readonly MetricRow[];
}

/** Known of every scope. */
export const everywhere = { process: 'exact', cgroup: 'exact', host: 'exact' } as const;

/** Samples out of the sums of a source, whose labels are numbers. */
export function sumsOf(
  source: SourceName,
  metric: number,
  labels: (label: number) => readonly string[] = () => [],
): Pick<MetricRow, 'source' | 'samples'> {
  const samples = (from: Readings) =>
    Array.from(from.source(source).sums.get(metric) ?? [], ([label, value]) => ({
      labels: labels(label),
      value,
    }));
  return { source, samples };
}

/** Samples out of the histograms of a source. */
export function durationsOf(
  source: SourceName,
  metric: number,
  labels: (label: number) => readonly string[] = () => [],
): Pick<MetricRow, 'source' | 'samples'> {
  const samples = (from: Readings) =>
    Array.from(from.source(source).durations.get(metric) ?? [], ([label, value]) => ({
      labels: labels(label),
      value,
    }));
  return { source, samples };
}
