/** The members of a struct codec, and which of them share bytes. */
import type { Bits } from './bits.js';
import type { Parts } from './reader.js';

/** One member. */
export interface Member {
  readonly name: string;
  /** In bytes from the start of the struct. */
  readonly offset: number;
  readonly codec: Parts<unknown>;
  /** True when it shares bits with another member, as in a union. */
  readonly overlaps: boolean;
}

type Place = Omit<Member, 'overlaps'>;

/** Says of each member whether another overlaps it, in the given order. */
export function markOverlaps(places: readonly Place[]): readonly Member[] {
  const ranges = places
    .map((place, index) => ({ index, ...range(place) }))
    .filter(({ from, to }) => from < to);
  ranges.sort((a, b) => a.from - b.from);
  const overlapping = new Set<number>();
  let reach = 0;
  ranges.forEach(({ index, from, to }, i) => {
    if (from < reach || (ranges[i + 1]?.from ?? to) < to) overlapping.add(index);
    reach = Math.max(reach, to);
  });
  return places.map((place, index) => ({ ...place, overlaps: overlapping.has(index) }));
}

/** In bits; a flexible tail reaches to the end. */
function range({ offset, codec }: Place): { from: number; to: number } {
  const from = offset * 8;
  if (codec.flexible) return { from: from + codec.size * 8, to: Number.POSITIVE_INFINITY };
  if (!isBits(codec)) return { from, to: from + codec.size * 8 };
  return { from: from + codec.skip, to: from + codec.skip + codec.width };
}

function isBits(codec: Parts<unknown>): codec is Parts<unknown> & Bits {
  return 'width' in codec;
}
