/** The README's support table says what the last run on all kernels found, and that run knew all of today's tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mapKinds } from '../../lib/kinds/map-kinds.js';
import { features } from '../support/features.js';
import { kernels } from '../vm/kernels.mjs';
import { committedSupport, sectionOf, supportIn, tableOf } from '../vm/support.mjs';

const support = committedSupport();

describe('the support table', () => {
  it('in the README is made from support.json', () => {
    expect(sectionOf(readFileSync('docs/kernels.md', 'utf8'))).toBe(tableOf(support));
  });

  it('has every feature that a test needs, and no other', () => {
    expect(Object.keys(support)).toEqual(expect.arrayContaining(needed()));
    expect(Object.keys(features)).toEqual(expect.arrayContaining(Object.keys(support)));
    expect(Object.keys(support).filter(name => !mentioned(name))).toEqual([]);
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

const texts = readdirSync('test/kernel', { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => readFileSync(`test/kernel/${file}`, 'utf8'))
  .join('');

/** What the tests call need() with by name. */
function needed(): string[] {
  return Array.from(texts.matchAll(/\bneed\(context, '([^']+)'\)/g), ([, name = '']) => name);
}

/** Whether tests name it, in a call or in a table; the tests of maps go through all kinds. */
function mentioned(name: string): boolean {
  return texts.includes(`'${name}'`) || (name.startsWith('map.') && name.slice('map.'.length) in mapKinds);
}
