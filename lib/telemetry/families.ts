/** Metrics as Prometheus' messages: what text has, native histograms, and the time since when it is counted. */
import { MessageWriter } from '../protobuf/index.js';
import type { TelemetryBucket, TelemetryHistogram, TelemetryMetric, TelemetryReading } from './reading.js';
import { bounds, countBelow, partsOf, textLabel, textName } from './text.js';

/** What the messages are, for the header `Content-Type`. */
export const familiesContentType =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto numbers them. */
const fields = {
  family: { name: 1, help: 2, type: 3, metric: 4 },
  metric: { label: 1, gauge: 2, counter: 3, histogram: 7 },
  label: { name: 1, value: 2 },
  number: { value: 1, created: 3 },
  histogram: { count: 1, sum: 2, bucket: 3, zeroCount: 7, positiveSpan: 12, positiveDelta: 13, created: 15 },
  bucket: { count: 1, bound: 2 },
  span: { offset: 1, length: 2 },
  time: { seconds: 1, nanos: 2 },
} as const;

const types = { counter: 0, gauge: 1, histogram: 4 } as const;

/** What all series of a reading have. */
interface Common {
  readonly labels: Readonly<Record<string, string>>;
  readonly created: MessageWriter;
}

/**
 * All metrics that have a series, each behind its length. Pieces are made of so few series that none takes long; most are
 * empty, for a message comes whole.
 */
export function* familyPieces(
  { metrics, startTime }: TelemetryReading,
  labels: Readonly<Record<string, string>>,
): Generator<Uint8Array> {
  const common = { labels, created: time(startTime) };
  for (const metric of metrics) {
    const message = familyOf(metric);
    for (const part of partsOf(metric)) {
      for (const series of seriesOf(part, common)) message.message(fields.family.metric, series);
      yield nothing;
    }
    if (metric.points.length > 0) yield new MessageWriter().delimited(message).finish();
  }
}

const nothing = new Uint8Array(0);

function familyOf(metric: TelemetryMetric): MessageWriter {
  const { name, help, type } = fields.family;
  return new MessageWriter()
    .text(name, textName(metric))
    .text(help, metric.description)
    .number(type, types[metric.kind]);
}

function seriesOf(metric: TelemetryMetric, common: Common): MessageWriter[] {
  const { gauge, counter, histogram } = fields.metric;
  if (metric.kind === 'histogram')
    return metric.points.map(point => {
      const attributes = { ...common.labels, ...point.attributes };
      return labelled(attributes).message(histogram, histogramOf(point, common));
    });
  const isCounter = metric.kind === 'counter';
  return metric.points.map(({ attributes, value }) => {
    const number = new MessageWriter().double(fields.number.value, value);
    if (isCounter) number.message(fields.number.created, common.created);
    return labelled({ ...common.labels, ...attributes }).message(isCounter ? counter : gauge, number);
  });
}

function labelled(attributes: Readonly<Record<string, string>>): MessageWriter {
  const message = new MessageWriter();
  for (const [name, value] of Object.entries(attributes)) {
    const label = new MessageWriter()
      .text(fields.label.name, textLabel(name))
      .text(fields.label.value, value);
    message.message(fields.metric.label, label);
  }
  return message;
}

/** With the buckets of text for a server that does not take native ones. */
function histogramOf(point: TelemetryHistogram, { created }: Common): MessageWriter {
  const { histogram } = fields;
  const message = new MessageWriter().number(histogram.count, point.count).double(histogram.sum, point.sum);
  for (const bound of bounds) message.message(histogram.bucket, bucket(countBelow(point, bound), bound));
  message.number(histogram.zeroCount, point.zeroCount);
  addNative(message, point.buckets);
  return message.message(histogram.created, created);
}

function bucket(count: number, bound: number): MessageWriter {
  return new MessageWriter().number(fields.bucket.count, count).double(fields.bucket.bound, bound);
}

/**
 * Buckets of schema 0 go in powers of two, and one's number is the power at its end. A span that has none says that a
 * histogram is native where it has no value yet.
 */
function addNative(message: MessageWriter, buckets: readonly TelemetryBucket[]): void {
  const [first] = buckets;
  const { offset, length } = fields.span;
  const span = new MessageWriter()
    .signed(offset, first === undefined ? 0 : Math.log2(first.to))
    .number(length, buckets.length);
  message.message(fields.histogram.positiveSpan, span);
  const deltas = buckets.map(({ count }, at) => count - (buckets[at - 1]?.count ?? 0));
  if (deltas.length > 0) message.signedNumbers(fields.histogram.positiveDelta, deltas);
}

function time(date: Date): MessageWriter {
  const milliseconds = date.getTime();
  return new MessageWriter()
    .number(fields.time.seconds, Math.floor(milliseconds / 1000))
    .number(fields.time.nanos, (milliseconds % 1000) * 1e6);
}
