/** Series of a metric: no more than there may be, and no event is lost in them. */
import { describe, expect, it } from 'vitest';
import { everywhere, type MetricRow } from '../../../lib/telemetry/metric.js';
import type { TelemetryHistogram, TelemetryNumber } from '../../../lib/telemetry/reading.js';
import { mostSeries, Series } from '../../../lib/telemetry/series.js';

const row: MetricRow = {
  name: 'kernel.x',
  kind: 'counter',
  unit: '{x}',
  help: '',
  labels: ['label'],
  coverage: everywhere,
  samples: () => [],
};
const samplesOf = (count: number, value: bigint) =>
  Array.from({ length: count }, (_, at) => ({ labels: [`${at}`], value }));
const sum = (points: readonly (TelemetryNumber | TelemetryHistogram)[]) =>
  points.reduce((all, point) => all + ('value' in point ? point.value : point.count), 0);

describe('series', () => {
  it('beyond the limit are one that says so, and the sum stays', () => {
    const series = new Series(row);
    const points = series.points(samplesOf(100_000, 3n));
    expect(points).toHaveLength(mostSeries + 1);
    expect(points.at(-1)).toEqual({ attributes: { 'otel.metric.overflow': 'true' }, value: 3 * 98_000 });
    expect(sum(points)).toBe(300_000);
    // Those that were told once go on, in whatever order the kernel has them.
    const later = series.points(samplesOf(100_000, 4n).reverse());
    expect(new Set(later.map(({ attributes }) => attributes.label))).toEqual(
      new Set(points.map(({ attributes }) => attributes.label)),
    );
    expect(sum(later)).toBe(400_000);
  });

  it('begin at 0, whatever was counted before, and never fall', () => {
    const series = new Series(row);
    series.begin([
      { labels: ['a'], value: 10n },
      { labels: ['b'], value: 5n },
    ]);
    expect(
      series.points([
        { labels: ['a'], value: 10n },
        { labels: ['b'], value: 7n },
      ]),
    ).toEqual([{ attributes: { label: 'b' }, value: 2 }]);
    expect(
      series.points([
        { labels: ['a'], value: 9n },
        { labels: ['b'], value: 7n },
      ]),
    ).toEqual([{ attributes: { label: 'b' }, value: 2 }]);
  });

  it('that are known before are there at 0', () => {
    const series = new Series({ ...row, always: [['a'], ['b']] });
    const zero = (label: string) => ({ attributes: { label }, value: 0 });
    expect(series.points([])).toEqual([zero('a'), zero('b')]);
  });

  it('of durations keep their exact sum, and bounds in powers of two', () => {
    const counts = Array.from({ length: 49 }, (_, place) => (place === 0 ? 2n : place === 31 ? 5n : 0n));
    const [point] = new Series({ ...row, kind: 'histogram', perUnit: 1e9 }).points([
      { labels: ['a'], value: { sum: 4_500_000_001n, counts } },
    ]);
    // Place 31 is of what is above half a second, up to a second.
    expect(point).toEqual({
      attributes: { label: 'a' },
      count: 7,
      sum: 4.500000001,
      zeroCount: 2,
      buckets: [{ from: 0.5, to: 1, count: 5 }],
    });
  });
});
