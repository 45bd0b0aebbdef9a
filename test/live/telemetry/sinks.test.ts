/** Where telemetry goes: promtool, prom-client and the SDK of OpenTelemetry take it. */
import { once } from 'node:events';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricProducer,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { observe } from 'libbpf-ts/telemetry';
import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { oracle } from '../../support/oracle.js';
import { Workload } from '../../support/tool-runs.js';

const work = 'for _ in range(500): os.getppid()';

it('promtool finds nothing to say of the text', async () => {
  await using workload = await Workload.start(work);
  await using kernel = await observe({ of: { pid: workload.pid }, labels: { service: 'a "b" \\ c' } });
  await workload.work();
  expect(await lint(await kernel.text())).toEqual({ code: 0, output: '' });
  // It does say something of what is wrong.
  expect((await lint('# TYPE x counter\nx 1\n')).output).toMatch(/_total/);
});

async function lint(text: string): Promise<{ code: unknown; output: string }> {
  const promtool = oracle('promtool', 'check', 'metrics');
  let output = '';
  for (const stream of [promtool.stdout, promtool.stderr]) stream.on('data', piece => (output += piece));
  promtool.stdin.end(text);
  const [code] = await once(promtool, 'close');
  return { code, output };
}

it('a registry of prom-client has it beside its own, until it is closed', async () => {
  await using workload = await Workload.start(work);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const own = registry.getMetricsAsArray().length;
  const kernel = await observe({ of: { pid: workload.pid }, labels: { service: 'web' } });
  await kernel.register(registry);
  await workload.work();
  const text = await registry.metrics();
  expect(text).toMatch(/^kernel_syscall_duration_seconds_count\{service="web",syscall="getppid"\} 500$/m);
  expect(text).toMatch(
    /^kernel_syscall_duration_seconds_bucket\{service="web",syscall="getppid",le="\+Inf"\} 500$/m,
  );
  registry.resetMetrics();
  expect(await registry.metrics()).toContain('syscall="getppid",le="+Inf"} 500');
  const twice = { code: 'ERR_BPF_ARGUMENT', message: expect.stringMatching(/has a metric \w+ already/) };
  await expect(kernel.register(registry)).rejects.toThrow(expect.objectContaining(twice));
  await kernel.close();
  expect(registry.getMetricsAsArray()).toHaveLength(own);
});

it('a name that the registry has is an error, and nothing is registered', async () => {
  const registry = new Registry();
  new Counter({ name: 'kernel_file_opens_total', help: 'Mine.', registers: [registry] });
  await using kernel = await observe({ of: 'process', collectors: ['files', 'memory'] });
  await expect(kernel.register(registry)).rejects.toThrow(
    'the registry has a metric kernel_file_opens_total already',
  );
  expect(registry.getMetricsAsArray()).toHaveLength(1);
  await expect(kernel.register({} as never)).rejects.toThrow('a registry of prom-client, not');
});

it('the SDK exports it with exponential histograms and the time of its start', async () => {
  await using workload = await Workload.start(work);
  const earliest = Date.now();
  await using kernel = await observe({ of: { pid: workload.pid }, collectors: ['syscalls', 'cpu'] });
  const latest = Date.now();
  const producer: MetricProducer = kernel.producer();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [producer] });
  const provider = new MeterProvider({ readers: [reader] });
  await workload.work();
  await provider.forceFlush();
  const metrics = exporter.getMetrics()[0]?.scopeMetrics.flatMap(scope => scope.metrics) ?? [];
  const durations = metrics.find(({ descriptor }) => descriptor.name === 'kernel.syscall.duration');
  const [point] = durations?.dataPoints.filter(({ attributes }) => attributes.syscall === 'getppid') ?? [];
  const value = point?.value as {
    count: number;
    sum: number;
    scale: number;
    positive: { offset: number; bucketCounts: number[] };
  };
  expect(value).toMatchObject({ count: 500, scale: 0 });
  expect(value.positive.bucketCounts.reduce((sum, count) => sum + count)).toBe(500);
  // The mean lies between the bounds of the lowest and the highest bucket.
  const { offset, bucketCounts } = value.positive;
  expect(value.sum / 500).toBeGreaterThan(2 ** offset);
  expect(value.sum / 500).toBeLessThan(2 ** (offset + bucketCounts.length));
  const [seconds = 0, nanoseconds = 0] = point?.startTime ?? [];
  const start = seconds * 1000 + nanoseconds / 1e6;
  expect(start).toBeGreaterThanOrEqual(earliest);
  expect(start).toBeLessThanOrEqual(latest);
  await provider.shutdown();
});

it('a meter of the API is served with counters', async () => {
  await using workload = await Workload.start(work);
  const kernel = await observe({ of: { pid: workload.pid }, collectors: ['syscalls'] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  await kernel.meter(provider.getMeter('kernel'));
  await workload.work();
  await provider.forceFlush();
  const metrics = exporter.getMetrics()[0]?.scopeMetrics.flatMap(scope => scope.metrics) ?? [];
  const counts = metrics.find(({ descriptor }) => descriptor.name === 'kernel.syscall.duration.count');
  const [point] = counts?.dataPoints.filter(({ attributes }) => attributes.syscall === 'getppid') ?? [];
  expect(point?.value).toBe(500);
  await expect(kernel.meter({} as never)).rejects.toThrow('a Meter of @opentelemetry/api');
  await kernel.close();
  await provider.shutdown();
});
