/** What can be said of the numbers in the kernel's interface, also where the kernel has no BTF to ask. */
import { expect, it } from 'vitest';
import { named } from '../../../lib/features/link-feature.js';

it('a number that the kernel names is there', () => {
  expect(named(new Set([7]), 7, '5.8')).toEqual({ answer: 'yes', since: '5.8', reason: undefined });
});

it('a number that the kernel does not name is not there, and the version says why where it can', () => {
  expect(named(new Set([7]), 8, '99.0').answer).toBe('no');
  expect(named(new Set([7]), 8, '99.0').reason).toMatch(/^it needs Linux 99\.0, and this is \d/);
  expect(named(new Set([7]), 8, '4.1')).toMatchObject({
    answer: 'no',
    reason: 'this kernel does not know it',
  });
});

it('a kernel without BTF is known by its version alone', () => {
  expect(named(undefined, 8, '99.0')).toMatchObject({ answer: 'no', since: '99.0' });
  expect(named(undefined, 8, '4.1')).toEqual({
    answer: 'unknown',
    since: '4.1',
    reason: 'the kernel has no BTF that tells',
  });
});
