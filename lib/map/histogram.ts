/** Histograms that `libbpf-ts.bpf.h` declares: a per-CPU array of counts in powers of two. */
import { requireMethod } from '../errors/arguments.js';
import type { PerCpuArray } from './per-cpu.js';

/** How many values were from `from` to `to`, both included. */
export interface HistogramBucket {
  readonly from: bigint;
  readonly to: bigint;
  readonly count: bigint;
}

/**
 * The buckets of a `HISTOGRAM(name)`, summed over all CPUs, from the first to the last that has counted something; none
 * where nothing was. Reads off the main thread; what is counted meanwhile may be in it.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what is no per-CPU array.
 *
 * @example
 * ```ts
 * for (const { from, to, count } of await readHistogram(bpf.maps.latencies)) console.log(from, to, count);
 * ```
 */
export async function readHistogram(map: PerCpuArray<number, bigint>): Promise<HistogramBucket[]> {
  requireMethod('read a histogram', map, 'reduced', 'give a HISTOGRAM() of the object');
  const counts = (await map.reduced('sum').snapshot()).map(([, count]) => count);
  const first = counts.findIndex(count => count > 0n);
  const last = counts.findLastIndex(count => count > 0n);
  if (first < 0) return [];
  return counts.slice(first, last + 1).map((count, at) => ({ ...rangeOf(first + at), count }));
}

/** Bucket 0 has the value 0, bucket n the values of n bits: `histogram_bucket()` in `histogram.bpf.h`. */
function rangeOf(bits: number): { from: bigint; to: bigint } {
  return { from: bits === 0 ? 0n : 1n << BigInt(bits - 1), to: (1n << BigInt(bits)) - 1n };
}
