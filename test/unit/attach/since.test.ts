/** The documentation of the options of each way to attach has the version of its row. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../../../lib/attach/', import.meta.url);
const rows = readdirSync(folder)
  .map(file => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }))
  .filter(({ text }) => /^export interface \w+Options /m.test(text) && /^ {2}since: '/m.test(text));

it('there are rows with options', () => expect(rows.length).toBeGreaterThan(20));

it.each(rows)('$file', ({ text }) => {
  const [, said] =
    /@since Linux ([\d.]+)(?:(?!\*\/)[\s\S])*\*\/\nexport interface \w+Options /.exec(text) ?? [];
  const [, row] = /^ {2}since: '([\d.]+)'/m.exec(text) ?? [];
  expect(said).toBe(row);
});
