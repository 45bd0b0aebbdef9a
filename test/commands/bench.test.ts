/** The benchmarks still work: each measures all of its rows once, beside C. How long it takes decides nothing. */
import { describe, expect, it } from 'vitest';
import { ended } from '../support/child.js';

describe('npm run bench', () => {
  it.each([
    ['load', 11],
    ['start', 4],
    ['maps', 12],
    ['events', 10],
    ['btf', 7],
    ['telemetry', 1],
    ['tools', 9],
  ])('%s compares %d things', async (name, comparisons) => {
    const { code, stdout, stderr } = await ended(process.execPath, ['test/bench/bench.mjs', name, '--short']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const ratios = Array.from(stdout.matchAll(/([\d.]+|NaN|Infinity) x(?: |$)/gm), ([, ratio]) =>
      Number(ratio),
    );
    expect(ratios.filter(ratio => ratio > 0 && ratio < Number.POSITIVE_INFINITY)).toHaveLength(comparisons);
  });

  it('says which there are', async () => {
    const { code, stderr } = await ended(process.execPath, ['test/bench/bench.mjs', 'speed']);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/where NAME is one of btf, events, load, maps, start/);
  });
});
