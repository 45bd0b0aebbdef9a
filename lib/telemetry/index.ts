/** The public door `libbpf-ts/telemetry`: what the kernel does to a process, a cgroup or a machine, as metrics. */

export type { OtelMeter } from './meter.js';
export type { TelemetryScope } from './metric.js';
export { type ObserveOptions, observe } from './observe.js';
export type {
  OtelCollection,
  OtelExponential,
  OtelMetric,
  OtelMetricBase,
  OtelPoint,
  OtelProducer,
  OtelTime,
} from './opentelemetry.js';
export type {
  TelemetryBucket,
  TelemetryHistogram,
  TelemetryHistograms,
  TelemetryMetric,
  TelemetryMetricBase,
  TelemetryNumber,
  TelemetryNumbers,
  TelemetryReading,
} from './reading.js';
export type { MetricRegistry } from './registry.js';
export type { ReportedMetric, TelemetryReport } from './report.js';
export type { ScrapeAnswer } from './scrape.js';
export type { CollectorName } from './table.js';
export type { TelemetryTarget } from './target.js';
export { KernelTelemetry } from './telemetry.js';
export { textContentType } from './text.js';
