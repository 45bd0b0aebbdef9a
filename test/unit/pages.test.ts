/** Sizes in pages, of machines that have great ones. */
import { expect, it } from 'vitest';
import { wholePages } from '../../lib/native/pages.js';

it.each([
  [4096, [4096, 4096, 8192, 65_536, 131_072]],
  [16_384, [16_384, 16_384, 16_384, 65_536, 131_072]],
  [65_536, [65_536, 65_536, 65_536, 65_536, 131_072]],
])('a ring has a power of two of pages, of %i bytes', (page, sizes) => {
  expect([1, 4096, 4097, 65_536, 65_537].map(bytes => wholePages(bytes, page))).toEqual(sizes);
});

it('a ring is as great as the kernel takes, and no greater than was asked for', () => {
  expect([2 ** 31 - 1, 2 ** 31].map(bytes => wholePages(bytes, 16_384))).toEqual([2 ** 31, 2 ** 31]);
});
