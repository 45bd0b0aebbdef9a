/** Values counted by ranges. */
import { argumentError, shown } from '../errors/arguments.js';

/** How many values were from `from` to `to`, both included: what `readHistogram()` gives, too. */
export interface PlotBucket {
  readonly from: number | bigint;
  readonly to: number | bigint;
  readonly count: number | bigint;
}

/**
 * Counts values in powers of two: 0 and 1, 2 and 3, 4 to 7, up to the last that has one.
 *
 * @param values - integers from 0 up; fractions count as what is below them
 * @throws BpfError `ERR_BPF_ARGUMENT` for a value below 0, or that is no number.
 * @example
 * ```ts
 * console.log(histogramText(log2Buckets([3, 5, 6, 900]), { unit: 'usecs' }));
 * ```
 */
export function log2Buckets(values: Iterable<number | bigint>): PlotBucket[] {
  const counts: number[] = [];
  for (const value of listOf(values)) {
    const whole = wholeOf(value, 'log2Buckets()');
    if (whole >= 2n ** 64n) throw argumentError('count values', `${whole} has more than 64 bits`);
    if (whole < 0n) throw argumentError('count values', `${value} is below 0, which has no power of two`);
    const slot = whole < 2n ? 0 : whole.toString(2).length - 1;
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return Array.from(counts, (count = 0, slot) => {
    const from = slot === 0 ? 0n : 1n << BigInt(slot);
    return { from, to: (1n << BigInt(slot + 1)) - 1n, count };
  });
}

/** Options of {@link linearBuckets}. */
export interface LinearOptions {
  /** How wide a bucket is: a whole number from 1 up. */
  readonly step: number;
  /** Where the first begins; 0 by default. What is below is counted in it. */
  readonly start?: number;
  /** How many there are at most; what is above the last is counted in it. 100 by default. */
  readonly most?: number;
}

/**
 * Counts values in ranges of equal width, from the first to the last that has one.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what is no number, and for a step that is no whole number above 0.
 */
export function linearBuckets(values: Iterable<number | bigint>, options: LinearOptions): PlotBucket[] {
  const { step, start = 0, most = 100 } = options ?? {};
  if (!Number.isSafeInteger(start))
    throw argumentError('count values', `start is a whole number, not ${shown(start)}`);
  for (const [name, given] of Object.entries({ step, most }))
    if (!(Number.isSafeInteger(given) && given > 0))
      throw argumentError('count values', `${name} is a whole number from 1 up, not ${shown(given)}`);
  const counts: number[] = [];
  for (const value of listOf(values)) {
    const slot = Number((wholeOf(value, 'linearBuckets()') - BigInt(start)) / BigInt(step));
    const kept = Math.min(most - 1, Math.max(0, slot));
    counts[kept] = (counts[kept] ?? 0) + 1;
  }
  return Array.from(counts, (count = 0, slot) => {
    const from = start + slot * step;
    return { from, to: from + step - 1, count };
  });
}

function listOf(values: Iterable<number | bigint>): Iterable<number | bigint> {
  if (typeof values === 'object' && values !== null && Symbol.iterator in values) return values;
  throw argumentError('count values', `give a list of numbers, not ${shown(values)}`);
}

function wholeOf(value: unknown, where: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.floor(value));
  throw argumentError('count values', `${where} counts numbers, not ${shown(value)}`);
}

/** @internal Buckets as numbers, checked. */
export function checkedBuckets(operation: string, buckets: readonly PlotBucket[]): CheckedBucket[] {
  if (!Array.isArray(buckets)) throw argumentError(operation, `buckets: a list, not ${shown(buckets)}`);
  return buckets.map(({ from, to, count }: PlotBucket) => {
    const isBucket = [from, to, count].every(each => typeof each === 'bigint' || Number.isFinite(each));
    if (!isBucket || count < 0)
      throw argumentError(operation, 'a bucket is { from, to, count }, with numbers and a count from 0 up');
    return { from, to, count: Number(count) };
  });
}

/** @internal */
export interface CheckedBucket extends PlotBucket {
  readonly count: number;
}

/** @internal The largest of some numbers, at least 1: what bars are measured by. */
export function largestOf(counts: Iterable<number>): number {
  let most = 1;
  for (const count of counts) most = Math.max(most, count);
  return most;
}
