/** Histograms as text: each bucket a line, its bar beside it. */
import type { AggregateType } from '../types/type.js';
import type { TraceBucket } from './maps.js';

const barWidth = 52;
const units = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

export function histogramText(
  buckets: readonly TraceBucket[],
  { name, bits = 0, bounds }: AggregateType,
): string {
  const [most = 0n] = buckets.map(({ count }) => count).sort((one, other) => Number(other - one));
  const label = name === 'lhist' ? linearLabel(bounds?.step ?? 1n) : powerLabel(bits);
  return buckets
    .map(bucket => {
      const bar = '@'.repeat(Number(most === 0n ? 0n : (bucket.count * BigInt(barWidth)) / most));
      return `${rangeText(bucket, label).padEnd(16)}${String(bucket.count).padStart(8)} |${bar.padEnd(barWidth)}|\n`;
    })
    .join('');
}

type Label = (bound: bigint) => string;

function rangeText({ min, max }: TraceBucket, label: Label): string {
  if (min === undefined) return `(..., ${label((max ?? 0n) + 1n)})`;
  if (max === undefined) return `[${label(min)}, ...)`;
  return min === max ? `[${label(min)}]` : `[${label(min)}, ${label(max + 1n)})`;
}

/** A bound by its unit, where the buckets there are so wide: 4096 is 4K. */
function powerLabel(bits: number): Label {
  return bound => {
    const power = Math.max(0, bound.toString(2).length - 1 - bits);
    const unit = bound <= 0n ? 0 : Math.floor(power / 10);
    return `${bound >> BigInt(10 * unit)}${units[unit]}`;
  };
}

/** Units stand where every bound has one. */
function linearLabel(step: bigint): Label {
  return bound => {
    if (step % 1024n !== 0n || bound === 0n || bound % 1024n !== 0n) return String(bound);
    return bound % 1_048_576n === 0n ? `${bound / 1_048_576n}M` : `${bound / 1024n}K`;
  };
}
