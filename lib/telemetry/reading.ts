/** What was observed, as plain data. */
import type { CollectorName } from './table.js';

/** How many values were above `from` and at most `to`. */
export interface TelemetryBucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** One series of a counter or a gauge. */
export interface TelemetryNumber {
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One series of a histogram. Its buckets go in powers of two of the unit, from the first that has a value to the last. */
export interface TelemetryHistogram {
  readonly attributes: Readonly<Record<string, string>>;
  readonly count: number;
  /** The exact sum of all values. */
  readonly sum: number;
  /** Values that were 0. */
  readonly zeroCount: number;
  readonly buckets: readonly TelemetryBucket[];
}

/** What all kinds of metrics have. */
export interface TelemetryMetricBase {
  /** As OpenTelemetry names it, where it has a convention. */
  readonly name: string;
  /** As UCUM writes it: `s`, `By`, `{process}`. */
  readonly unit: string;
  readonly description: string;
  /** The collector that it is of; `self` for what the observer tells of itself. */
  readonly collector: CollectorName | 'self';
}

/** Of a counter, a number that only grows; of a gauge, any. */
export interface TelemetryNumbers extends TelemetryMetricBase {
  readonly kind: 'counter' | 'gauge';
  readonly points: readonly TelemetryNumber[];
}

/** Values in buckets. */
export interface TelemetryHistograms extends TelemetryMetricBase {
  readonly kind: 'histogram';
  readonly points: readonly TelemetryHistogram[];
}

/** One metric, told apart by its kind. */
export type TelemetryMetric = TelemetryNumbers | TelemetryHistograms;

/** All metrics at one moment. */
export interface TelemetryReading {
  /** Since when everything is counted: when it began to be observed. */
  readonly startTime: Date;
  readonly time: Date;
  readonly metrics: readonly TelemetryMetric[];
}
