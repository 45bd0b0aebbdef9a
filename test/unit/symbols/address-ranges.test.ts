/** Ranges that overlap, beside a search through all of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRanges, type RangeColumns } from '../../../lib/symbols/address-ranges.js';

const range = fc.record({ start: fc.nat(60), size: fc.integer({ min: 1, max: 20 }), rank: fc.nat(1000) });

/** The range of the highest rank that has an address, by looking at each. */
function search({ count, starts, ends, ranks }: RangeColumns, address: number): number {
  const has = (i: number) => (starts[i] ?? 0) <= address && address < (ends[i] ?? 0);
  const found = Array.from({ length: count }, (_, i) => i).filter(has);
  return found.reduce((best, i) => (best < 0 || (ranks[i] ?? 0) > (ranks[best] ?? 0) ? i : best), -1);
}

describe('an address', () => {
  it('is in the range of the highest rank that has it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(range, { selector: ({ rank }) => rank, maxLength: 40 }), list => {
        const columns = {
          count: list.length,
          starts: Float64Array.from(list, ({ start }) => start),
          ends: Float64Array.from(list, ({ start, size }) => start + size),
          ranks: Float64Array.from(list, ({ rank }) => rank),
        };
        const ranges = AddressRanges.of(columns);
        for (let address = 0; address < 90; address++)
          expect(ranges.find(address)).toBe(search(columns, address));
      }),
      { numRuns: 500 },
    );
  });

  it('far up is told from its like', () => {
    const starts = Float64Array.from([2 ** 47, 2 ** 47 + 16, 2 ** 33, 5]);
    const ranges = AddressRanges.of({
      count: 4,
      starts,
      ends: starts.map(s => s + 8),
      ranks: new Uint32Array(4),
    });
    expect([2 ** 47 + 7, 2 ** 47 + 8, 2 ** 47 + 16, 2 ** 33, 5, 4].map(each => ranges.find(each))).toEqual([
      0, -1, 1, 2, 3, -1,
    ]);
  });

  it('is in a range of unknown end up to the next, its limit, or 64 KiB', () => {
    const starts = Float64Array.from([100, 200, 1000]);
    const columns = { count: 3, starts, ends: starts, ranks: new Uint32Array(3) };
    const open = AddressRanges.of(columns);
    expect([99, 199, 200, 999, 1000, 66_535, 66_536].map(each => open.find(each))).toEqual([
      -1, 0, 1, 1, 2, 2, -1,
    ]);
    const limited = AddressRanges.of({ ...columns, limits: Float64Array.from([150, 300, 1010]) });
    expect([149, 150, 299, 300, 1009, 1010].map(each => limited.find(each))).toEqual([0, -1, 1, -1, 2, -1]);
  });
});
