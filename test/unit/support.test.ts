/** The README's support table says what the last run on all kernels found, and that run knew all of today's tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { features } from '../support/features.js';
import { kernels } from '../vm/kernels.mjs';
import { committedSupport, sectionOf, supportIn, tableOf } from '../vm/support.mjs';

const support = committedSupport();

describe('the support table', () => {
  it('in the README is made from support.json', () => {
    expect(sectionOf(readFileSync('README.md', 'utf8'))).toBe(tableOf(support));
  });

  it('has every feature that a test needs, and no other', () => {
    expect(Object.keys(support).sort()).toEqual([...neededFeatures()].sort());
    expect(Object.keys(features)).toEqual(expect.arrayContaining(Object.keys(support)));
  });

  it.each(Object.entries(support))('has every kernel for %s', (_, cells) => {
    expect(Object.keys(cells)).toEqual(kernels.map(({ name }) => name));
  });
});

describe('a feature', () => {
  const results = (...states: ('passed' | 'skipped' | 'failed')[]) =>
    states.map(state => ({
      file: 'a.test.ts',
      name: state,
      state,
      features: ['lsm'],
      milliseconds: 1,
      ...(state === 'skipped' && { reason: 'needs Linux 9.9' }),
    }));
  const run = (kernel: string, ...states: ('passed' | 'skipped' | 'failed')[]) => {
    return { kernel, release: kernel, code: 0, seconds: 1, results: results(...states) };
  };

  it('is there where a test that needs it passed; elsewhere the reason is', () => {
    const runs = [run('1', 'passed', 'skipped'), run('2', 'skipped'), run('3')];
    expect(supportIn(runs)).toEqual({ lsm: { 1: 'yes', 2: 'needs Linux 9.9', 3: 'not tested' } });
  });
});

/** What the tests call need() with. */
function neededFeatures(): Set<string> {
  const files = readdirSync('test/kernel', { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter(file => file.endsWith('.ts'))
    .map(file => readFileSync(`test/kernel/${file}`, 'utf8'));
  const calls = texts.join('').matchAll(/\bneed\(context, '([^']+)'\)/g);
  return new Set(Array.from(calls, ([, name = '']) => name));
}
