/** Heat maps: histograms one after the other, the darker the more. */
import { argumentError, requireList, requireOptions, requireText, shown } from '../errors/arguments.js';
import { escapeLine, escapeXml } from '../errors/escape.js';
import { checkedBuckets, largestOf, type PlotBucket } from './buckets.js';

/** The values of one stretch of time. */
export interface HeatColumn {
  /** When it began, in milliseconds since 1970. */
  readonly time: number;
  readonly buckets: readonly PlotBucket[];
}

/** Options of {@link heatMapText} and {@link heatMapSvg}. */
export interface HeatMapOptions {
  /** What values are: `usecs` by default. */
  readonly unit?: string;
}

/** From few to many. */
const shades = ' .:-=+*#%@';

/**
 * A heat map as text: time from left to right, values from below to above, `@` where most are.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what are no columns, and for options that cannot be meant.
 */
export function heatMapText(columns: readonly HeatColumn[], options: HeatMapOptions = {}): string {
  const { rows, most, unit } = gridOf('print a heat map', columns, options);
  const lines = rows.map(({ label, counts }) => {
    const cells = counts.map(count => shades[shadeOf(count, most, shades.length)] ?? ' ');
    return `${label.padStart(24)} |${cells.join('')}|`;
  });
  const [first, last] = [columns[0], columns.at(-1)].map(column => (column ? timeText(column.time) : ''));
  return [`${escapeLine(unit).padStart(24)} :`, ...lines, `${' '.repeat(26)}${first} to ${last}`, ''].join(
    '\n',
  );
}

const cell = { width: 12, height: 16 } as const;
const labelWidth = 200;

/**
 * The same as an SVG that needs nothing beside it; a cell tells its count under the pointer.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what are no columns, and for options that cannot be meant.
 */
export function heatMapSvg(columns: readonly HeatColumn[], options: HeatMapOptions = {}): string {
  const { rows, most, unit } = gridOf('draw a heat map', columns, options);
  const [width, height] = [
    labelWidth + columns.length * cell.width + 20,
    (rows.length + 2) * cell.height + 8,
  ];
  const cells = rows.flatMap(({ label, counts }, row) => [
    `<text x="${labelWidth - 8}" y="${(row + 1) * cell.height + 12}" text-anchor="end">${label}</text>`,
    ...counts.map((count, column) =>
      drawCell(count, most, { row, column }, columns[column]?.time ?? 0, label),
    ),
  ]);
  const [first, last] = [columns[0], columns.at(-1)].map(column => (column ? timeText(column.time) : ''));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="monospace" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${labelWidth - 8}" y="12" text-anchor="end">${escapeXml(unit)}</text>`,
    ...cells,
    `<text x="${labelWidth}" y="${height - 6}">${first} to ${last}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

interface Place {
  readonly row: number;
  readonly column: number;
}

function drawCell(count: number, most: number, { row, column }: Place, time: number, label: string): string {
  if (count === 0) return '';
  const [x, y] = [labelWidth + column * cell.width, (row + 1) * cell.height];
  const light = 92 - Math.round((62 * shadeOf(count, most, 63)) / 62);
  return [
    `<rect x="${x}" y="${y}" width="${cell.width}" height="${cell.height}" fill="hsl(10,80%,${light}%)">`,
    `<title>${timeText(time)}, ${label}: ${count}</title></rect>`,
  ].join('');
}

/** One row for each range that any column has, the highest first. */
interface Grid {
  readonly rows: readonly { readonly label: string; readonly counts: readonly number[] }[];
  readonly most: number;
  readonly unit: string;
}

function gridOf(operation: string, columns: readonly HeatColumn[], options: HeatMapOptions): Grid {
  requireOptions(operation, options, ['unit']);
  const { unit = 'usecs' } = options;
  requireText(operation, 'unit', unit);
  requireList(operation, 'columns', columns);
  const checked = columns.map(column => bucketsOf(operation, column));
  const ranges = new Map(checked.flat().map(({ from, to }) => [`${from} -> ${to}`, Number(from)]));
  const labels = [...ranges].sort(([, a], [, b]) => b - a).map(([label]) => label);
  const counts = checked.map(
    buckets => new Map(buckets.map(({ from, to, count }) => [`${from} -> ${to}`, count])),
  );
  const rows = labels.map(label => ({ label, counts: counts.map(column => column.get(label) ?? 0) }));
  return { rows, most: largestOf(rows.flatMap(row => row.counts)), unit };
}

function bucketsOf(operation: string, column: HeatColumn) {
  const { time, buckets } = column ?? {};
  if (!Number.isFinite(time))
    throw argumentError(operation, `a column is { time, buckets }, not ${shown(column)}`);
  return checkedBuckets(operation, buckets);
}

/** Nothing is the lightest, and one of many is not nothing. */
function shadeOf(count: number, most: number, levels: number): number {
  return count === 0 ? 0 : Math.max(1, Math.round((count * (levels - 1)) / most));
}

/** The time of day, in this machine's zone, as tools print it. */
function timeText(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':');
}
