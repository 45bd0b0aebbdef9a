/** Scripts that were damaged are refused with a place, or compile: nothing else is thrown, and nothing hangs. */
import { expect, it } from 'vitest';
import { bare, damageScript, scripts } from '../../support/damaged-scripts.js';

const runs = 500;

it.each(scripts)('%s, damaged', script => {
  const { refused, faults } = damageScript(script, runs, 19, bare);
  expect(faults).toEqual([]);
  expect(refused).toBeGreaterThan(runs / 4);
});
