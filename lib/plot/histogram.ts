/** Histograms, as BCC's tools print them, and as SVG. */
import { requireInteger, requireOptions, requireText } from '../errors/arguments.js';
import { escapeLine, escapeXml } from '../errors/escape.js';
import { type CheckedBucket, checkedBuckets, largestOf, type PlotBucket } from './buckets.js';

/** Options of {@link histogramText} and {@link histogramSvg}. */
export interface HistogramOptions {
  /** What values are: `usecs` by default. */
  readonly unit?: string;
  /** Of the longest bar: 40 letters (20 where numbers are long), or 600 pixels, by default. */
  readonly width?: number;
}

/** How many letters numbers have, and where the unit stands: where all are below 2^33, and where not. */
const [narrow, wide] = [
  { digits: 10, indent: 5, bar: 40 },
  { digits: 20, indent: 15, bar: 20 },
];

/**
 * A histogram as text, a line for each bucket, as the tools of libbpf-tools print it:
 *
 * ```text
 *      usecs               : count    distribution
 *          0 -> 1          : 2        |********************                    |
 *          2 -> 3          : 4        |****************************************|
 * ```
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what are no buckets, and for options that cannot be meant.
 */
export function histogramText(buckets: readonly PlotBucket[], options: HistogramOptions = {}): string {
  const rows = checkedBuckets('print a histogram', buckets);
  const { digits, indent, bar: usual } = rows.some(({ to }) => to >= 2 ** 33) ? wide : narrow;
  const { unit, width } = checked('print a histogram', options, usual);
  const most = largestOf(rows.map(({ count }) => count));
  const head = ' '.repeat(indent) + escapeLine(unit).padEnd(2 * digits + 4 - indent);
  const lines = rows.map(({ from, to, count }) => {
    const range = `${String(from).padStart(digits)} -> ${String(to).padEnd(digits)}`;
    return `${range} : ${String(count).padEnd(8)} |${bar(count, most, width)}|`;
  });
  return [`${head} : count    distribution`, ...lines, ''].join('\n');
}

function bar(count: number, most: number, width: number): string {
  return '*'.repeat(Math.floor((count * width) / most)).padEnd(width);
}

function checked(operation: string, options: HistogramOptions, usual: number) {
  requireOptions(operation, options, ['unit', 'width']);
  const { unit = 'usecs', width = usual } = options;
  requireText(operation, 'unit', unit);
  requireInteger(operation, 'width', width, 10_000);
  return { unit, width };
}

const rowHeight = 18;
const labelWidth = 180;

/**
 * The same as an SVG that needs nothing beside it.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what are no buckets, and for options that cannot be meant.
 */
export function histogramSvg(buckets: readonly PlotBucket[], options: HistogramOptions = {}): string {
  const { unit, width } = checked('draw a histogram', options, 600);
  const rows = checkedBuckets('draw a histogram', buckets);
  const most = largestOf(rows.map(({ count }) => count));
  const size = [labelWidth + width + 80, (rows.length + 1) * rowHeight + 10] as const;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" font-family="monospace" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${labelWidth - 8}" y="14" text-anchor="end">${escapeXml(unit)}</text>`,
    ...rows.map((row, i) => drawRow(row, (i + 1) * rowHeight, (row.count * width) / most)),
    '</svg>',
    '',
  ].join('\n');
}

function drawRow({ from, to, count }: CheckedBucket, y: number, width: number): string {
  const label = `${from} to ${to}`;
  return [
    `<g><title>${label}: ${count}</title>`,
    `<text x="${labelWidth - 8}" y="${y + 13}" text-anchor="end">${label}</text>`,
    `<rect x="${labelWidth}" y="${y + 2}" width="${width.toFixed(1)}" height="${rowHeight - 4}" fill="#4a7ebb"/>`,
    `<text x="${(labelWidth + width + 6).toFixed(1)}" y="${y + 13}">${count}</text></g>`,
  ].join('');
}
