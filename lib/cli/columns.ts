/** Tables as text: columns as wide as what stands in them. */

import { escapeLine } from '../index.js';

/** One column: its title, and what stands in it for a row. Numbers stand to the right. */
export type Column<Row> = readonly [title: string, of: (row: Row) => string | number];

/** Lines of a table; nothing but the titles where there are no rows. */
export function table<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): string[] {
  const cells = Array.from(rows, row => columns.map(([, of]) => inCell(of(row))));
  const widths = columns.map(([title], at) =>
    Math.max(title.length, ...cells.map(line => String(line[at]).length)),
  );
  const padded = (line: readonly (string | number)[]) =>
    line
      .map((cell, at) => {
        const right = typeof (cells[0]?.[at] ?? cell) === 'number';
        return right ? String(cell).padStart(widths[at] ?? 0) : String(cell).padEnd(widths[at] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return [columns.map(([title]) => title), ...cells].map(padded);
}

function inCell(content: string | number): string | number {
  return typeof content === 'string' ? escapeLine(content) : content;
}
