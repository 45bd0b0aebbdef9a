/** Rows as they come: a line of a table that fits the terminal, or of JSON. */
import { print, warn } from '../command/output.js';
import { replacer } from '../doors/codec.js';
import { clip } from './clip.js';
import { columnsOf, rowLine, type ToolColumn, titleLine } from './columns.js';
import type { ListedRows } from './tracing.js';

/** Prints rows and counts them. */
export class RowPrinter<Row extends object> {
  readonly #columns: readonly ToolColumn<Row>[];
  readonly #json: boolean;
  /** How many were printed. */
  count = 0;

  constructor(columns: readonly ToolColumn<Row>[], json: boolean) {
    this.#columns = columns;
    this.#json = json;
  }

  /** Above the rows; JSON has none. */
  titles(): void {
    if (!this.#json) this.#line(titleLine(this.#columns));
  }

  row(row: Row): void {
    this.count++;
    if (this.#json) print(`${JSON.stringify(row, replacer)}\n`);
    else this.#line(rowLine(this.#columns, row));
  }

  #line(text: string): void {
    print(`${clip(text, process.stdout.columns || Number.POSITIVE_INFINITY)}\n`);
  }
}

/** All rows, and what they do not show. */
export function printList<Row extends object>(
  { columns, rows, hidden = [] }: ListedRows<Row>,
  json: boolean,
): void {
  const printer = new RowPrinter(columnsOf(columns), json);
  printer.titles();
  for (const row of rows) printer.row(row);
  for (const reason of hidden) warn(`${reason}\n`);
}
