/** Columns of tools' tables: the same name is the same column in all of them. */
import { escapeLine } from '../errors/escape.js';

/** One column of a table. */
export interface ToolColumn<Row extends object = object> {
  /** The member of a row that it shows. */
  readonly name: keyof Row & string;
  /** What stands above it: the name in capitals by default. */
  readonly title?: string;
  /** How wide it is at least; 0 for the last one, which takes what is left. */
  readonly width: number;
  /** True for numbers, which stand to the right. */
  readonly right?: boolean;
  /** The text of a cell; what the member is, by default. */
  readonly text?: (row: Row) => string | number | bigint;
}

/** Columns that a tool may have by name alone. */
export type StandardColumn = keyof typeof standardColumns;

const pid = { width: 7, right: true };
const milliseconds = { width: 10, right: true };

/** A duration is in nanoseconds, as rows have it; a table shows milliseconds. */
const standardColumns = {
  time: { name: 'time', width: 12, text: ({ time }: { time: Date }) => timeText(time) },
  pid: { name: 'pid', ...pid },
  tid: { name: 'tid', ...pid },
  ppid: { name: 'ppid', ...pid },
  uid: { name: 'uid', width: 5, right: true },
  comm: { name: 'comm', width: 15 },
  error: { name: 'error', width: 7, text: ({ error }: { error?: string }) => error ?? '-' },
  duration: {
    name: 'duration',
    title: 'MS',
    ...milliseconds,
    text: ({ duration }: { duration: number }) => (duration / 1e6).toFixed(3),
  },
  path: { name: 'path', width: 0 },
} as const;

/** The columns of a table, each whole. */
export function columnsOf<Row extends object>(
  columns: readonly (StandardColumn | ToolColumn<Row>)[],
): readonly ToolColumn<Row>[] {
  return columns.map(column =>
    typeof column === 'string' ? (standardColumns[column] as unknown as ToolColumn<Row>) : column,
  );
}

/** The line of titles. */
export function titleLine<Row extends object>(columns: readonly ToolColumn<Row>[]): string {
  return line(columns, ({ name, title }) => title ?? name.toUpperCase());
}

/** The line of a row; what is no line of its own is escaped. */
export function rowLine<Row extends object>(columns: readonly ToolColumn<Row>[], row: Row): string {
  return line(columns, ({ name, text }) => escapeLine(text ? text(row) : (row[name] ?? '-')));
}

function line<Row extends object>(
  columns: readonly ToolColumn<Row>[],
  cell: (column: ToolColumn<Row>) => string,
): string {
  const cells = columns.map(column => {
    const text = cell(column);
    return column.right ? text.padStart(column.width) : text.padEnd(column.width);
  });
  return cells.join(' ').trimEnd();
}

/** The time of day in this machine's zone, to the millisecond. */
export function timeText(time: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
