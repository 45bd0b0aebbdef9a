/** Prometheus' text format 0.0.4. */
import type { TelemetryHistogram, TelemetryMetric, TelemetryReading } from './reading.js';

/** What the text is, for the header `Content-Type`. */
export const textContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** Upper bounds of buckets, in powers of two; eleven, and all that is above. */
export const bounds: readonly number[] = [-20, -18, -16, -14, -12, -10, -8, -6, -4, -2, 0].map(
  power => 2 ** power,
);

/** A name of this format: parts are joined by underscores, and a name ends in its unit. */
export function textName({ name, unit, kind }: Pick<TelemetryMetric, 'name' | 'unit' | 'kind'>): string {
  const unitName = { s: 'seconds', By: 'bytes', '1': 'ratio' }[unit];
  const base = name.replace(/[^a-zA-Z0-9]/g, '_');
  const withUnit = unitName === undefined || base.endsWith(`_${unitName}`) ? base : `${base}_${unitName}`;
  return kind === 'counter' ? `${withUnit}_total` : withUnit;
}

/** A label of this format. */
export function textLabel(name: string): string {
  return name.replace(/[^a-zA-Z0-9_]/g, '_');
}

/** All metrics, each with its help and type, in pieces of so few lines that none takes long. */
export function* textPieces(
  { metrics }: TelemetryReading,
  labels: Readonly<Record<string, string>>,
): Generator<string> {
  for (const metric of metrics) {
    const name = textName(metric);
    yield `# HELP ${name} ${escapeHelp(metric.description)}\n# TYPE ${name} ${metric.kind}\n`;
    for (const part of partsOf(metric)) yield linesOf(part, name, labels);
  }
}

/** Series that are written at once. */
const together = 100;

/** A metric as several, each with some of its series. */
export function* partsOf(metric: TelemetryMetric): Generator<TelemetryMetric> {
  for (let at = 0; at < metric.points.length; at += together)
    yield { ...metric, points: metric.points.slice(at, at + together) } as TelemetryMetric;
}

function linesOf(metric: TelemetryMetric, name: string, labels: Readonly<Record<string, string>>): string {
  return seriesOf(metric)
    .map(({ suffix, attributes, value }) => {
      return `${name}${suffix}${labelsText({ ...labels, ...attributes })} ${numberText(value)}\n`;
    })
    .join('');
}

/** One line of text. */
export interface TextSeries {
  /** What stands behind the metric's name: `_bucket`, `_sum`, `_count`, or nothing. */
  readonly suffix: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The lines of a metric. */
export function seriesOf(metric: TelemetryMetric): TextSeries[] {
  if (metric.kind === 'histogram') return metric.points.flatMap(histogramSeries);
  return metric.points.map(({ attributes, value }) => ({ suffix: '', attributes, value }));
}

/** Each bound is one of the kernel's own, so that nothing is guessed. */
function histogramSeries(point: TelemetryHistogram): TextSeries[] {
  const { attributes, count, sum } = point;
  return [
    ...bounds.map(bound => ({
      suffix: '_bucket',
      attributes: { ...attributes, le: numberText(bound) },
      value: countBelow(point, bound),
    })),
    { suffix: '_bucket', attributes: { ...attributes, le: '+Inf' }, value: count },
    { suffix: '_sum', attributes, value: sum },
    { suffix: '_count', attributes, value: count },
  ];
}

/** How many values were at most a bound. */
export function countBelow({ zeroCount, buckets }: TelemetryHistogram, bound: number): number {
  return buckets.reduce((all, { to, count }) => (to <= bound ? all + count : all), zeroCount);
}

function labelsText(attributes: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(attributes).map(
    ([name, value]) => `${textLabel(name)}="${escapeValue(value)}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}

function escapeValue(text: string): string {
  return escapeHelp(text).replace(/"/g, '\\"');
}

/** JavaScript writes a number so that reading it gives the same one. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}
