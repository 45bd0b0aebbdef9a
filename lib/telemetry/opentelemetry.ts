/** Metrics as the SDK of OpenTelemetry has them. Its enumerations are numbers here, for it need not be installed. */
import type { TelemetryHistogram, TelemetryMetric, TelemetryReading } from './reading.js';

/** Seconds since 1970, and nanoseconds. */
export type OtelTime = [number, number];

/** What all series of the SDK have. */
export interface OtelPoint<Value> {
  readonly startTime: OtelTime;
  readonly endTime: OtelTime;
  readonly attributes: Record<string, string>;
  readonly value: Value;
}

/** Buckets of scale 0: the one at `offset + n` is of values above `2 ** (offset + n)`, up to twice that. */
export interface OtelExponential {
  readonly count: number;
  readonly sum: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: { readonly offset: number; readonly bucketCounts: number[] };
  readonly negative: { readonly offset: number; readonly bucketCounts: number[] };
}

/** What all metrics of the SDK have. */
export interface OtelMetricBase {
  readonly descriptor: {
    readonly name: string;
    readonly description: string;
    readonly unit: string;
    /** `ValueType.DOUBLE`. */
    readonly valueType: 1;
    readonly advice: Record<never, never>;
  };
  /** `AggregationTemporality.CUMULATIVE`. */
  readonly aggregationTemporality: 1;
}

/** `MetricData` of the SDK: a sum, a gauge, or an exponential histogram. */
export type OtelMetric =
  | (OtelMetricBase & {
      readonly dataPointType: 3;
      readonly isMonotonic: true;
      readonly dataPoints: OtelPoint<number>[];
    })
  | (OtelMetricBase & { readonly dataPointType: 2; readonly dataPoints: OtelPoint<number>[] })
  | (OtelMetricBase & { readonly dataPointType: 1; readonly dataPoints: OtelPoint<OtelExponential>[] });

/** `CollectionResult` of the SDK. */
export interface OtelCollection {
  readonly resourceMetrics: {
    /** The reader takes the one of its provider. */
    readonly resource: never;
    readonly scopeMetrics: { readonly scope: { readonly name: string }; readonly metrics: OtelMetric[] }[];
  };
  readonly errors: unknown[];
}

/** `MetricProducer` of the SDK: give it to a reader as one of its `metricProducers`. */
export interface OtelProducer {
  collect(): Promise<OtelCollection>;
}

/** A producer that takes a reading for each collection. One that fails is told to the reader. */
export function producerOf(read: () => Promise<TelemetryReading>): OtelProducer {
  return {
    async collect() {
      try {
        return collection([...metricsOf(await read())], []);
      } catch (error) {
        return collection([], [error]);
      }
    },
  };
}

function collection(metrics: OtelMetric[], errors: unknown[]): OtelCollection {
  const scopeMetrics = [{ scope: { name: 'libbpf-ts' }, metrics }];
  return { resourceMetrics: { resource: { attributes: {} } as never, scopeMetrics }, errors };
}

function metricsOf(reading: TelemetryReading): OtelMetric[] {
  const [startTime, endTime] = [reading.startTime, reading.time].map(otelTime) as [OtelTime, OtelTime];
  const at = <Value>(attributes: Readonly<Record<string, string>>, value: Value) => {
    return { startTime, endTime, attributes: { ...attributes }, value };
  };
  return reading.metrics.map(metric => {
    const base = baseOf(metric);
    if (metric.kind === 'histogram') {
      const dataPoints = metric.points.map(point => at(point.attributes, exponential(point)));
      return { ...base, dataPointType: 1, dataPoints };
    }
    const dataPoints = metric.points.map(({ attributes, value }) => at(attributes, value));
    return metric.kind === 'gauge'
      ? { ...base, dataPointType: 2, dataPoints }
      : { ...base, dataPointType: 3, isMonotonic: true, dataPoints };
  });
}

function baseOf({ name, description, unit }: TelemetryMetric): OtelMetricBase {
  return { descriptor: { name, description, unit, valueType: 1, advice: {} }, aggregationTemporality: 1 };
}

/** Buckets are carried over as they are. */
function exponential({ count, sum, zeroCount, buckets }: TelemetryHistogram): OtelExponential {
  const [first] = buckets;
  const offset = first === undefined ? 0 : Math.log2(first.from);
  const positive = { offset, bucketCounts: buckets.map(bucket => bucket.count) };
  return { count, sum, scale: 0, zeroCount, positive, negative: { offset: 0, bucketCounts: [] } };
}

function otelTime(date: Date): OtelTime {
  const milliseconds = date.getTime();
  return [Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1e6];
}
