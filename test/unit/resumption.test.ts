/** A guest that dies in the middle of a run: nothing it had ended is run again, and nothing it had begun is believed. */
import { describe, expect, it } from 'vitest';
import { joined, unfinished } from '../vm/resumption.mjs';

type State = 'passed' | 'failed' | 'skipped';

function run(code: number, ...results: [file: string, name: string, state?: State][]) {
  return {
    ...{ kernel: '6.12', release: '6.12.1', code, seconds: 10, reason: 'it switched itself off' },
    results: results.map(([file, name, state = 'passed']) => {
      return { file, name, state, features: [], milliseconds: 1 };
    }),
  };
}

const files = ['a.test.ts', 'b.test.ts', 'c.test.ts'];
const died = run(125, ['b.test.ts', 'one'], ['a.test.ts', 'two']);

describe('a run whose guest died', () => {
  it('has left what had no result, and the file that ran last', () => {
    expect(unfinished(files, died)).toEqual(['a.test.ts', 'c.test.ts']);
    expect(unfinished(files, run(125))).toEqual(files);
  });

  it('is one with the run of what it had left, and tells of the death', () => {
    const second = run(0, ['a.test.ts', 'two'], ['c.test.ts', 'three']);
    const whole = joined(died, second, ['a.test.ts', 'c.test.ts']);
    expect(whole.results.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
    expect(whole).toMatchObject({
      code: 0,
      seconds: 20,
      death: 'in or after a.test.ts: it switched itself off',
    });
  });

  it('has failed if a test failed before, and if the second guest died too', () => {
    const failed = run(125, ['b.test.ts', 'one', 'failed'], ['a.test.ts', 'two']);
    expect(joined(failed, run(0), ['a.test.ts']).code).toBe(1);
    expect(joined(died, run(125), ['a.test.ts']).code).toBe(125);
  });
});
