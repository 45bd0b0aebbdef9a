/** Tables, as `top` and its like show them: rows in the order of one column, the largest first. */
import { argumentError, requireInteger, requireList, requireOptions, shown } from '../errors/arguments.js';
import { escapeLine, escapeXml } from '../errors/escape.js';
import { largestOf } from './buckets.js';

/** What a cell shows. */
export type TableCell = string | number | bigint | boolean | undefined;

/** Options of {@link tableText}. */
export interface TableOptions<Row> {
  /** Names of the columns, in their order; all that the first row has by default. */
  readonly columns?: readonly (keyof Row & string)[];
  /** The column whose largest are first; the rows' own order where it is not given. */
  readonly sortBy?: keyof Row & string;
  /** No more rows are shown. */
  readonly most?: number;
}

/**
 * Rows as text: a line of names, and a line for each row. Numbers stand to the right; control characters of cells
 * are escaped.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what are no rows, and for options that cannot be meant.
 * @example
 * ```ts
 * console.log(tableText([{ pid: 7, comm: 'node', reads: 12 }], { sortBy: 'reads' }));
 * ```
 */
export function tableText<Row extends object>(rows: readonly Row[], options: TableOptions<Row> = {}): string {
  return `${linesOf(rows, options).join('\n')}\n`;
}

const [letterWidth, lineHeight, margin] = [7.25, 17, 10];

/**
 * The same as an SVG that needs nothing beside it.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what are no rows, and for options that cannot be meant.
 */
export function tableSvg<Row extends object>(rows: readonly Row[], options: TableOptions<Row> = {}): string {
  const lines = linesOf(rows, options);
  const width = Math.ceil(2 * margin + letterWidth * largestOf(lines.map(line => line.length)));
  const height = 2 * margin + lineHeight * lines.length;
  const text = lines.map((line, i) => {
    const weight = i === 0 ? ' font-weight="bold"' : '';
    return `<text x="${margin}" y="${margin + 12 + i * lineHeight}"${weight} xml:space="preserve">${escapeXml(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="monospace" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...text,
    '</svg>',
    '',
  ].join('\n');
}

function linesOf<Row extends object>(rows: readonly Row[], options: TableOptions<Row>): string[] {
  const names = checkedColumns(rows, options);
  const shownRows = sorted(rows, options).slice(0, options.most);
  const cells = shownRows.map(row => names.map(name => cellText(row[name])));
  const lines = [names.map(name => name.toUpperCase()), ...cells];
  const widths = names.map((_, i) => largestOf(lines.map(line => line[i]?.length ?? 0)));
  const isNumeric = names.map(name => shownRows.every(row => isNumber(row[name])));
  const padded = (cell: string, i: number) =>
    isNumeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  return lines.map(line => line.map(padded).join('  ').trimEnd());
}

const operation = 'print a table';

function checkedColumns<Row extends object>(rows: readonly Row[], options: TableOptions<Row>) {
  requireList(operation, 'rows', rows);
  requireOptions(operation, options, ['columns', 'sortBy', 'most']);
  for (const row of rows)
    if (typeof row !== 'object' || row === null)
      throw argumentError(operation, `a row is an object, not ${shown(row)}`);
  const known = Object.keys(rows[0] ?? {}) as (keyof Row & string)[];
  const { columns = known, sortBy, most } = options;
  requireList(operation, 'columns', columns);
  if (most !== undefined) requireInteger(operation, 'most', most);
  for (const name of sortBy === undefined ? columns : [...columns, sortBy])
    if (rows.length > 0 && !known.includes(name))
      throw argumentError(operation, `there is no column ${shown(name)}; there are ${known.join(', ')}`);
  return columns;
}

function sorted<Row extends object>(rows: readonly Row[], { sortBy }: TableOptions<Row>): readonly Row[] {
  if (sortBy === undefined) return rows;
  return rows.toSorted((a, b) => compare(b[sortBy], a[sortBy]));
}

function compare(a: unknown, b: unknown): number {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function cellText(value: unknown): string {
  return value === undefined ? '' : escapeLine(value);
}
