// Which kernel has what, as the tests found it: kept in support.json, shown in docs/kernels.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../.setup/paths.mjs';

/** @typedef {import('./run.mjs').Run} Run */

/** By feature, then by kernel: `yes`, or why not. @typedef {Record<string, Record<string, string>>} Support */

const data = join(root, 'test/vm/support.json');
const page = join(root, 'docs/kernels.md');
const [begin, end] = ['<!-- support: written by npm run test:vm -- --update -->', '<!-- /support -->'];

/** What is committed. @returns {Support} */
export function committedSupport() {
  return JSON.parse(readFileSync(data, 'utf8'));
}

/**
 * Compares what the tests found with what is committed, or commits it to the files.
 *
 * @param {readonly Run[]} runs
 * @param {boolean} update
 * @returns {string[]} what is wrong
 */
export function compareSupport(runs, update) {
  const support = supportIn(runs.filter(({ kernel }) => kernel !== 'host'));
  if (update) writeSupport(support);
  if (JSON.stringify(support) === JSON.stringify(committedSupport())) return [];
  return ['test/vm/support.json is stale: npm run test:vm -- --update writes it and docs/kernels.md'];
}

/** Into both files. @param {Support} support */
export function writeSupport(support) {
  writeFileSync(data, `${JSON.stringify(support, undefined, 2)}\n`);
  const text = readFileSync(page, 'utf8');
  const [before = '', after = ''] = text.split(`${begin}${sectionOf(text)}${end}`);
  writeFileSync(page, `${before}${begin}${tableOf(support)}${end}${after}`);
}

/** The page's part between the marks. @param {string} text */
export function sectionOf(text) {
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end));
}

/**
 * A feature is there where a test that needs it passed and none failed.
 *
 * @param {readonly Run[]} runs
 * @returns {Support}
 */
export function supportIn(runs) {
  const names = new Set(runs.flatMap(({ results }) => results.flatMap(({ features }) => features)));
  return Object.fromEntries(
    [...names].sort().map(name => {
      const cells = runs.map(({ kernel, results }) => {
        const own = results.filter(({ features }) => features.includes(name));
        return [
          kernel,
          own.some(({ state }) => state === 'passed') ? 'yes' : (own[0]?.reason ?? 'not tested'),
        ];
      });
      return [name, Object.fromEntries(cells)];
    }),
  );
}

/** As Markdown. @param {Support} support */
export function tableOf(support) {
  const kernels = Object.keys(Object.values(support)[0] ?? {});
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |\n`;
  const rows = Object.entries(support).map(([name, cells]) => line([`\`${name}\``, ...Object.values(cells)]));
  return ['\n', line(['', ...kernels]), line(['---', ...kernels.map(() => '---')]), ...rows].join('');
}
