/** What the kernel does to a process, a cgroup or a machine, as metrics. */
import { BpfError } from '../errors/bpf-error.js';
import type { Closable } from '../index.js';
import { type SourceName, type SourceReading, SourceUse } from '../sources/index.js';
import { inTurns } from './in-turns.js';
import { type OtelMeter, serveMeter } from './meter.js';
import type { Readings } from './metric.js';
import { ObservedMetric } from './observed-metric.js';
import { type OtelProducer, producerOf } from './opentelemetry.js';
import { ProcFiles } from './proc-files.js';
import type { TelemetryMetric, TelemetryReading } from './reading.js';
import { type MetricRegistry, registerIn } from './registry.js';
import { reported, type TelemetryReport } from './report.js';
import { answerScrape, requireAccept, type ScrapeAnswer, writeText } from './scrape.js';
import { selfMetrics } from './self.js';
import { type CollectorName, collectors } from './table.js';
import type { FoundTarget } from './target.js';

/** What an observer is made of. */
export interface TelemetrySettings {
  readonly target: FoundTarget;
  readonly names: readonly CollectorName[];
  readonly labels: Readonly<Record<string, string>>;
}

/** An observer: what {@link observe} gives. */
export class KernelTelemetry implements Closable {
  readonly #target: FoundTarget;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #metrics: readonly ObservedMetric[];
  readonly #sources = new Map<SourceName, SourceUse>();
  #startTime = new Date();
  #last: TelemetryReading | undefined;
  /** One that is being taken: a scrape that asks for each metric gets one reading. */
  #taking: Promise<TelemetryReading> | undefined;
  /** Takes metrics back from where they were given to. */
  readonly #withdrawals: (() => void)[] = [];
  #isGone = false;
  #closed = false;

  private constructor({ target, names, labels }: TelemetrySettings) {
    this.#target = target;
    this.#labels = labels;
    const rows = names.flatMap(name => collectors[name].metrics.map(row => ({ row, name })));
    this.#metrics = rows.map(({ row, name }) => new ObservedMetric(row, name, target.scope));
  }

  /** @internal @throws BpfError where not one metric can be observed: why the first cannot */
  static async start(settings: TelemetrySettings): Promise<KernelTelemetry> {
    const telemetry = new KernelTelemetry(settings);
    try {
      await telemetry.#begin();
      return telemetry;
    } catch (error) {
      await telemetry.close();
      throw error;
    }
  }

  /** True from the moment that it ends. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * All metrics as they are now. Each map is read once, off the main thread. A process or cgroup that is gone keeps its
   * last values.
   *
   * @throws BpfError `ERR_BPF_CLOSED` after close
   */
  async read(): Promise<TelemetryReading> {
    this.#requireOpen('read telemetry');
    if (this.#isGone && this.#last !== undefined) return this.#last;
    this.#isGone = !this.#target.isThere();
    const sources = await this.#read([...this.#sources.values()]);
    const from = this.#readings(sources);
    const observed = this.#observed;
    const read = await inTurns(readings(observed, from));
    const metrics = read.filter(metric => metric !== undefined);
    const failures = observed.length - metrics.length;
    const all = [...metrics, ...selfMetrics(sources, failures)];
    this.#last = { startTime: this.#startTime, time: new Date(), metrics: all };
    return this.#last;
  }

  /**
   * All metrics in Prometheus' text format, as a scrape takes it. It is of the type {@link textContentType}.
   *
   * @throws BpfError `ERR_BPF_CLOSED` after close
   */
  async text(): Promise<string> {
    return writeText(await this.read(), this.#labels);
  }

  /**
   * The answer to a scrape. A server that asks for them gets Prometheus' messages, in which a histogram has a bucket for
   * each of the kernel's, and counters the time since when they count; any other gets {@link KernelTelemetry.text}.
   *
   * @param accept - the header `Accept` of the request
   * @throws BpfError `ERR_BPF_CLOSED` after close
   * @example
   * ```ts
   * const kernel = await observe({ of: 'process' });
   * const server = createServer(async ({ headers }, response) => {
   *   const { contentType, body } = await kernel.scrape(headers.accept);
   *   response.setHeader('Content-Type', contentType).end(body);
   * });
   * server.listen(9100, '127.0.0.1');
   * ```
   */
  async scrape(accept = ''): Promise<ScrapeAnswer> {
    requireAccept(accept);
    return answerScrape(await this.read(), this.#labels, accept);
  }

  /**
   * Puts all metrics into a registry of prom-client, where its own text has them too. Closing removes them.
   *
   * @throws BpfError `ERR_BPF_ARGUMENT` for a name that the registry has already; none is registered then
   * @example
   * ```ts
   * const kernel = await observe({ of: 'process' });
   * await kernel.register(register); // that of prom-client
   * ```
   */
  async register(registry: MetricRegistry): Promise<void> {
    const first = await this.read();
    this.#withdrawals.push(registerIn(registry, first, this.#labels, () => this.#readOnce()));
  }

  /**
   * A metric producer for a reader of OpenTelemetry's SDK. Histograms are exponential, of scale 0, bucket by bucket as
   * they are counted; sums are cumulative from {@link TelemetryReading.startTime} on.
   */
  producer(): OtelProducer {
    this.#requireOpen('produce metrics');
    return producerOf(() => this.#readOnce());
  }

  /**
   * Serves all metrics by a meter of OpenTelemetry's API, for who has no SDK at hand. It has no histogram that is asked: of
   * each there are two counters, `NAME.count` and `NAME.sum`. Closing ends it.
   */
  async meter(meter: OtelMeter): Promise<void> {
    const first = await this.read();
    this.#withdrawals.push(serveMeter(meter, first, () => this.#readOnce()));
  }

  /** What is observed, how, and what is not, with the reason. */
  report(): TelemetryReport {
    return {
      of: this.#target.subject,
      isGone: this.#isGone,
      startTime: this.#startTime,
      metrics: this.#metrics.map(reported),
    };
  }

  /** Ends it: hooks that no other observer needs are detached. */
  async close(): Promise<void> {
    this.#withdraw();
    await Promise.all(Array.from(this.#sources.values(), use => use.close()));
  }

  /** {@link KernelTelemetry.close} on this thread. */
  closeSync(): void {
    this.#withdraw();
    for (const use of this.#sources.values()) use.closeSync();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #withdraw(): void {
    this.#closed = true;
    for (const withdraw of this.#withdrawals.splice(0)) withdraw();
  }

  #readOnce(): Promise<TelemetryReading> {
    this.#taking ??= this.read().finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  get #observed(): ObservedMetric[] {
    return this.#metrics.filter(({ isObserved }) => isObserved);
  }

  async #begin(): Promise<void> {
    const failed = await this.#attach();
    if (this.#observed.length === 0 && failed !== undefined) throw failed;
    const shared = [...this.#sources.values()].filter(({ isShared }) => isShared);
    const from = this.#readings(await this.#read(shared));
    for (const metric of this.#observed)
      if (metric.row.source === undefined || this.#sources.get(metric.row.source)?.isShared)
        metric.begin(from);
    this.#startTime = new Date();
  }

  /** Each source by itself: one that fails leaves its metrics with a reason. Gives the first failure. */
  async #attach(): Promise<Error | undefined> {
    const names = new Set(this.#observed.flatMap(({ row }) => row.source ?? []));
    const failures = await Promise.all(Array.from(names, name => this.#attachOne(name)));
    return failures.find(failure => failure !== undefined);
  }

  async #attachOne(name: SourceName): Promise<Error | undefined> {
    try {
      const use = await SourceUse.begin(name, this.#target.owner);
      this.#sources.set(name, use);
      this.#giveUpWithout(use.missing);
      return undefined;
    } catch (error) {
      for (const metric of this.#observed) if (metric.row.source === name) metric.giveUp(error as Error);
      return error as Error;
    }
  }

  #giveUpWithout(hooks: readonly string[]): void {
    for (const metric of this.#observed) {
      const { hook = '' } = metric.row;
      if (hooks.includes(hook)) metric.giveUp(new Error(`this kernel has no tracepoint ${hook}`));
    }
  }

  async #read(uses: readonly SourceUse[]): Promise<Map<SourceName, SourceReading>> {
    return new Map(await Promise.all(uses.map(async use => [use.name, await use.read()] as const)));
  }

  #readings(sources: ReadonlyMap<SourceName, SourceReading>): Readings {
    const source = (name: SourceName) => sources.get(name) ?? nothing;
    return { source, files: new ProcFiles(this.#target.files) };
  }

  #requireOpen(operation: string): void {
    if (!this.#closed) return;
    const reason = `telemetry of ${this.#target.subject} is closed`;
    throw new BpfError({ code: 'ERR_BPF_CLOSED', operation, reason, hint: 'observe() begins anew' });
  }
}

/** Each metric by itself; undefined where it cannot be read. */
function* readings(
  observed: readonly ObservedMetric[],
  from: Readings,
): Generator<TelemetryMetric | undefined> {
  for (const metric of observed) yield metric.read(from);
}

const nothing: SourceReading = { sums: new Map(), durations: new Map(), fill: [], missed: 0n };
