/** Metrics by OpenTelemetry's API alone, which knows counters and gauges that are asked, but no such histograms. */
import { requireMethod } from '../errors/arguments.js';
import type { TelemetryMetric, TelemetryReading } from './reading.js';

/** A `Meter` of `@opentelemetry/api`. */
export interface OtelMeter {
  createObservableCounter(name: string, options?: { description?: string; unit?: string }): unknown;
  createObservableGauge(name: string, options?: { description?: string; unit?: string }): unknown;
  addBatchObservableCallback(callback: never, observables: never): void;
  removeBatchObservableCallback(callback: never, observables: never): void;
}

interface Result {
  observe(observable: unknown, value: number, attributes: Readonly<Record<string, string>>): void;
}

/** A counter or gauge of the meter: a histogram is two of them, of its count and of its sum. */
interface Instrument {
  readonly name: string;
  readonly observable: unknown;
  readonly numberOf: (point: TelemetryMetric['points'][number]) => number;
}

/**
 * Creates an instrument for each metric, and answers the meter when it asks.
 *
 * @returns takes the answers back
 */
export function serveMeter(
  meter: OtelMeter,
  { metrics }: TelemetryReading,
  read: () => Promise<TelemetryReading>,
): () => void {
  requireMethod('serve a meter', meter, 'addBatchObservableCallback', 'a Meter of @opentelemetry/api');
  const instruments = metrics.flatMap(metric => instrumentsOf(meter, metric));
  const observables = instruments.map(({ observable }) => observable);
  const callback = async (result: Result) => {
    const now = new Map((await read()).metrics.map(metric => [metric.name, metric]));
    for (const { name, observable, numberOf } of instruments)
      for (const point of now.get(name)?.points ?? [])
        result.observe(observable, numberOf(point), point.attributes);
  };
  meter.addBatchObservableCallback(callback as never, observables as never);
  return () => meter.removeBatchObservableCallback(callback as never, observables as never);
}

function instrumentsOf(meter: OtelMeter, metric: TelemetryMetric): Instrument[] {
  const { name, description, unit, kind } = metric;
  if (kind === 'histogram') {
    const counted = meter.createObservableCounter(`${name}.count`, { description, unit: '1' });
    const summed = meter.createObservableCounter(`${name}.sum`, { description, unit });
    return [
      { name, observable: counted, numberOf: point => ('count' in point ? point.count : 0) },
      { name, observable: summed, numberOf: point => ('sum' in point ? point.sum : 0) },
    ];
  }
  const options = { description, unit };
  const observable =
    kind === 'gauge'
      ? meter.createObservableGauge(name, options)
      : meter.createObservableCounter(name, options);
  return [{ name, observable, numberOf: point => ('value' in point ? point.value : 0) }];
}
