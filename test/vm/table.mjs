// What ran where: a table of tests by kernel, and what is wrong with it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './paths.mjs';

/** @typedef {import('./run.mjs').Run} Run */
/** @typedef {import('./reporter.mjs').Result} Result */

const marks = { passed: '✓', failed: '✗', skipped: '–' };
const path = join(cache, 'tests.txt');

/**
 * Prints the table of a run and tells what must not be.
 *
 * @param {readonly Run[]} runs
 * @param {boolean} complete every test ran on every kernel there is
 * @returns {string[]} one sentence each
 */
export function report(runs, complete) {
  const tests = testsOf(runs);
  const rows = tests.map(test => row(test, runs));
  const heading = `${runs.map(({ kernel }) => kernel.padStart(5)).join('')}  test`;
  mkdirSync(cache, { recursive: true });
  writeFileSync(path, [heading, ...rows, ''].join('\n'));
  const uneven = tests.flatMap((test, at) => (isEven(test, runs) ? [] : [rows[at]]));
  const even = `${tests.length - uneven.length} tests passed everywhere at once; all of them: ${path}`;
  console.log(['', heading, ...uneven, '', even, '', ...runs.map(summary)].join('\n'));
  const nowhere = complete
    ? tests.filter(test => !runs.some(run => find(run, test)?.state === 'passed'))
    : [];
  return [
    ...runs
      .filter(({ code }) => code !== 0)
      .map(({ kernel, code, reason }) => `${kernel} ${reason ?? `ended with exit code ${code}`}`),
    ...runs
      .filter(({ results }) => results.length === 0)
      .map(({ kernel }) => `no test ran on ${kernel}: does the filter name any?`),
    ...nowhere.map(({ file, name }) => `no kernel passed ${file}: ${name}`),
  ];
}

/**
 * Each test once, in the order of their files.
 *
 * @param {readonly Run[]} runs
 * @returns {Result[]}
 */
function testsOf(runs) {
  const tests = new Map(runs.flatMap(({ results }) => results).map(result => [keyOf(result), result]));
  return [...tests.values()].sort((a, b) => a.file.localeCompare(b.file));
}

/** @param {{ file: string, name: string }} test */
function keyOf({ file, name }) {
  return `${file}\0${name}`;
}

/**
 * @param {Run} run
 * @param {Result} test
 */
function find({ results }, test) {
  return results.find(result => keyOf(result) === keyOf(test));
}

/**
 * @param {Result} test
 * @param {readonly Run[]} runs
 */
function isEven(test, runs) {
  const found = runs.map(run => find(run, test));
  return found.every(result => result?.state === 'passed' && result.reason === undefined);
}

/**
 * @param {Result} test
 * @param {readonly Run[]} runs
 */
function row(test, runs) {
  const found = runs.map(run => find(run, test));
  const cells = found.map(result => (result ? marks[result.state] : ' ').padStart(5)).join('');
  const reasons = found.flatMap((result, at) =>
    result?.reason ? [`${runs[at]?.kernel}: ${result.reason.split('\n')[0]}`] : [],
  );
  return [
    `${cells}  ${test.file}: ${test.name}`,
    ...reasons.map(reason => `${' '.repeat(30)}${reason}`),
  ].join('\n');
}

/** @param {readonly Result[]} results */
export function countsIn(results) {
  const count = (/** @type {Result['state']} */ state) =>
    `${results.filter(result => result.state === state).length} ${state}`;
  return [count('passed'), count('failed'), count('skipped')].join(', ');
}

/** @param {Run} run */
function summary({ kernel, release, seconds, ready, death, results }) {
  const boot = ready === undefined ? '' : `, ready after ${ready.toFixed(1)} s`;
  const again = death === undefined ? '' : `, in two guests: the first died ${death}`;
  return `${kernel.padEnd(4)} ${countsIn(results)} in ${Math.round(seconds)} s${boot}  ${release}${again}`;
}
