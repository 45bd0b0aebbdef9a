/** Metrics in the registry of prom-client. */
import { argumentError, requireMethod } from '../errors/arguments.js';
import type { TelemetryMetric, TelemetryReading } from './reading.js';
import { seriesOf, textLabel, textName } from './text.js';

/** A registry of prom-client: `register`, or `new Registry()`. */
export interface MetricRegistry {
  registerMetric(metric: never): void;
  getSingleMetric(name: string): unknown;
  removeSingleMetric(name: string): void;
}

/** What a registry asks a metric at a scrape. */
interface RegisteredMetric {
  readonly name: string;
  readonly help: string;
  readonly type: TelemetryMetric['kind'];
  get(): Promise<object>;
  reset(): void;
}

const operation = 'register telemetry';

/**
 * Registers each metric of a reading; a scrape asks for all at once, and takes one reading.
 *
 * @returns removes them
 * @throws BpfError `ERR_BPF_ARGUMENT` for a name that is taken, before any is registered
 */
export function registerIn(
  registry: MetricRegistry,
  { metrics }: TelemetryReading,
  labels: Readonly<Record<string, string>>,
  read: () => Promise<TelemetryReading>,
): () => void {
  requireMethod(operation, registry, 'registerMetric', 'a registry of prom-client');
  const all = metrics.map(metric => registered(metric, labels, read));
  for (const { name } of all) requireFree(registry, name);
  for (const metric of all) registry.registerMetric(metric as never);
  return () => {
    for (const { name } of all) registry.removeSingleMetric(name);
  };
}

function requireFree(registry: MetricRegistry, name: string): void {
  if (registry.getSingleMetric(name) === undefined) return;
  const hint = 'one registry holds one observer: give this one a registry of its own, and merge their texts';
  throw argumentError(operation, `the registry has a metric ${name} already`, hint);
}

function registered(
  metric: TelemetryMetric,
  labels: Readonly<Record<string, string>>,
  read: () => Promise<TelemetryReading>,
): RegisteredMetric {
  const name = textName(metric);
  const { description: help, kind: type } = metric;
  const values = async () => {
    const now = (await read()).metrics.find(each => each.name === metric.name);
    return now === undefined ? [] : seriesOf(now);
  };
  const get = async () => {
    const series = (await values()).map(({ suffix, attributes, value }) => {
      const named = Object.entries(attributes).map(([label, text]) => [textLabel(label), text]);
      return { metricName: `${name}${suffix}`, labels: { ...labels, ...Object.fromEntries(named) }, value };
    });
    return { name, help, type, values: series, aggregator: 'sum' };
  };
  // What the kernel counts is not set back.
  return { name, help, type, get, reset: () => {} };
}
