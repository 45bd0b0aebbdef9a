/** The members of a struct codec, and which of them share bytes. */
import type { Bits } from './bits.js';
import type { InlineParts } from './inline.js';

/** One member. */
export interface Member {
  readonly name: string;
  /** In bytes from the start of the struct. */
  readonly offset: number;
  readonly codec: InlineParts<unknown>;
  /** The same number for members that share bits, as in a union; 0 for one that shares none. */
  readonly group: number;
}

type Place = Omit<Member, 'group'>;

/** Says of each member which others it overlaps, in the given order. */
export function markOverlaps(places: readonly Place[]): readonly Member[] {
  const ranges = places
    .map((place, index) => ({ index, ...range(place) }))
    .filter(({ from, to }) => from < to);
  ranges.sort((a, b) => a.from - b.from);
  const groups: number[] = [];
  let [reach, group] = [0, 0];
  const sizes = new Map<number, number>();
  for (const { index, from, to } of ranges) {
    if (from >= reach) group++;
    reach = Math.max(reach, to);
    groups[index] = group;
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  const shared = (of: number | undefined) => (of !== undefined && (sizes.get(of) ?? 0) > 1 ? of : 0);
  return places.map((place, index) => ({ ...place, group: shared(groups[index]) }));
}

/** In bits; a flexible tail reaches to the end. */
function range({ offset, codec }: Place): { from: number; to: number } {
  const from = offset * 8;
  if (codec.flexible) return { from: from + codec.size * 8, to: Number.POSITIVE_INFINITY };
  if (!isBits(codec)) return { from, to: from + codec.size * 8 };
  return { from: from + codec.skip, to: from + codec.skip + codec.width };
}

/** True for a bitfield. */
export function isBits(codec: InlineParts<unknown>): codec is InlineParts<unknown> & Bits {
  return 'width' in codec;
}
