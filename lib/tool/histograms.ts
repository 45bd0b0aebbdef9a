/** Histograms by key, as `HISTOGRAMS()` in `libbpf-ts.bpf.h` counts them. */
import { requireList } from '../errors/arguments.js';
import { histogramText, type PlotBucket } from '../plot/index.js';
import { type CountedMap, countReader } from './counts.js';
import type { ToolHistogram } from './tracing.js';

/** The histogram of one key. */
export interface KeyedHistogram<Key> {
  readonly key: Key;
  readonly buckets: readonly PlotBucket[];
}

/**
 * Reads what the histograms of a `HISTOGRAMS()` have counted since the last look, in no order; those alone that have
 * counted something.
 *
 * @example
 * ```ts
 * const read = histogramReader(bpf.maps.waits);
 * for (const { key, buckets } of read()) console.log(key, histogramText(buckets));
 * ```
 */
export function histogramReader<Key>(
  map: CountedMap<Key, { readonly counts: ArrayLike<bigint> }>,
): () => KeyedHistogram<Key>[] {
  const read = countReader(map, ({ counts }) => counts);
  return () => read().map(({ key, grown }) => ({ key, buckets: log2Rows(grown) }));
}

/**
 * Rows as BCC's users know them: 0 and 1, then powers of two up to the last that has counted something. The program
 * counts 0 and 1 apart (`histogram_bucket()` in `histogram.bpf.h`).
 */
export function log2Rows(counts: readonly bigint[]): PlotBucket[] {
  requireList('read a histogram', 'counts', counts);
  const [zeros = 0n, ones = 0n, ...rest] = counts;
  const rows = [zeros + ones, ...rest];
  return rows.slice(0, rows.findLastIndex(count => count > 0n) + 1).map((count, at) => {
    const from = at === 0 ? 0n : 1n << BigInt(at);
    return { from, to: (1n << BigInt(at + 1)) - 1n, count };
  });
}

/** A histogram as text, below what it is of. */
export function headedHistogram({ of = {}, buckets }: ToolHistogram, unit: string): string {
  const parts = Object.entries(of).map(([name, value]) => `${name} = ${value}`);
  const heading = parts.length === 0 ? '' : `${parts.join(', ')}\n`;
  return `${heading}${histogramText(buckets, { unit })}`;
}
