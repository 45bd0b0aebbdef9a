/** Series of one metric: from when it was first looked at on, and no more than there may be. */
import { type Durations, lowestPower } from '../sources/index.js';
import type { MetricRow, Sample } from './metric.js';
import type { TelemetryBucket, TelemetryHistogram, TelemetryNumber } from './reading.js';

/** Series of a metric; what is beyond goes into one more, which says so as OpenTelemetry does. */
export const mostSeries = 2000;
const overflow = { 'otel.metric.overflow': 'true' } as const;

/** Remembers where each series began, and which ones are told apart. */
export class Series {
  readonly #row: MetricRow;
  readonly #first = new Map<string, bigint | Durations>();
  readonly #known = new Set<string>();

  constructor(row: MetricRow) {
    this.#row = row;
    for (const labels of row.always ?? []) this.#known.add(nameOf(labels));
  }

  /** What is there before anything is counted. */
  begin(samples: readonly Sample[]): void {
    for (const { labels, value } of samples) this.#first.set(nameOf(labels), value);
  }

  /** Each series with its attributes. */
  points(samples: readonly Sample[]): (TelemetryNumber | TelemetryHistogram)[] {
    const values = new Map<string, Sample>();
    for (const labels of this.#row.always ?? []) values.set(nameOf(labels), { labels, value: this.#nothing });
    let beyond: bigint | Durations | undefined;
    for (const sample of samples) {
      const value = this.#since(sample);
      const name = nameOf(sample.labels);
      if (this.#isTold(name, value)) values.set(name, { labels: sample.labels, value });
      else if (countOf(value) > 0n) beyond = beyond === undefined ? value : sumOf(beyond, value);
    }
    const points = [...values.values()].map(({ labels, value }) =>
      this.#point(this.#attributes(labels), value),
    );
    return beyond === undefined ? points : [...points, this.#point(overflow, beyond)];
  }

  get #nothing(): bigint | Durations {
    return this.#row.kind === 'histogram' ? { sum: 0n, counts: [] } : 0n;
  }

  #since({ labels, value }: Sample): bigint | Durations {
    const first = this.#first.get(nameOf(labels));
    return first === undefined || this.#row.kind === 'gauge' ? value : differenceOf(value, first);
  }

  /** A series that has nothing yet is none; one that was told once always is. */
  #isTold(name: string, value: bigint | Durations): boolean {
    if (this.#known.has(name)) return true;
    const isNew = this.#row.labels.length === 0 || this.#row.kind === 'gauge' || countOf(value) > 0n;
    if (!isNew || this.#known.size >= mostSeries) return false;
    this.#known.add(name);
    return true;
  }

  #attributes(labels: readonly string[]): Record<string, string> {
    return Object.fromEntries(this.#row.labels.map((name, at) => [name, labels[at] ?? '']));
  }

  #point(
    attributes: Record<string, string>,
    value: bigint | Durations,
  ): TelemetryNumber | TelemetryHistogram {
    const { perUnit = 1 } = this.#row;
    if (typeof value === 'bigint') return { attributes, value: Number(value) / perUnit };
    const [zeros = 0n] = value.counts;
    return {
      attributes,
      count: Number(countOf(value)),
      sum: Number(value.sum) / perUnit,
      zeroCount: Number(zeros),
      buckets: bucketsOf(value),
    };
  }
}

function nameOf(labels: readonly string[]): string {
  return labels.join('\0');
}

function countOf(value: bigint | Durations): bigint {
  return typeof value === 'bigint' ? value : value.counts.reduce((sum, count) => sum + count, 0n);
}

function differenceOf(value: bigint | Durations, first: bigint | Durations): bigint | Durations {
  return combined(value, first, (a, b) => (a > b ? a - b : 0n));
}

function sumOf(one: bigint | Durations, other: bigint | Durations): bigint | Durations {
  return combined(one, other, (a, b) => a + b);
}

function combined(
  one: bigint | Durations,
  other: bigint | Durations,
  how: (a: bigint, b: bigint) => bigint,
): bigint | Durations {
  if (typeof one === 'bigint' || typeof other === 'bigint') return how(one as bigint, other as bigint);
  const counts = one.counts.map((count, at) => how(count, other.counts[at] ?? 0n));
  return { sum: how(one.sum, other.sum), counts };
}

function bucketsOf({ counts }: Durations): TelemetryBucket[] {
  const positive = counts.slice(1);
  const first = positive.findIndex(count => count > 0n);
  const last = positive.findLastIndex(count => count > 0n);
  if (first < 0) return [];
  return positive.slice(first, last + 1).map((count, at) => {
    const to = 2 ** (lowestPower + first + at);
    return { from: to / 2, to, count: Number(count) };
  });
}
