/** A map's entries a slice at a time, and one entry out of a slice. */
import type { Codec } from '../../codec/codec.js';
import { run, runSync } from '../../native/flow.js';
import type { Reduction } from './reduction.js';
import type { Slice, Sweep, Swept } from './sweep.js';

/** A map that can be walked, and how its bytes are read. */
export interface Source<K, E> {
  readonly map: Swept;
  readonly key: Codec<K>;
  readonly entry: Codec<E>;
  /** Where one value stands for those of all CPUs; `entry` reads that. */
  readonly reduction?: Reduction | undefined;
}

/** Slices as they come. While JavaScript reads one, the pool fetches the next. */
export async function* slices(sweep: Sweep): AsyncGenerator<Slice, void, undefined> {
  if (sweep.small) {
    while (runSync(sweep.next()) > 0) yield sweep.take();
    return;
  }
  let filled = run(sweep.next());
  while ((await filled) > 0) {
    const slice = sweep.take();
    filled = run(sweep.next());
    filled.catch(() => {}); // the loop may be left before
    yield slice;
  }
}

/** One entry of a slice. */
export function entryAt<K, E>(
  { map, key, entry, reduction }: Source<K, E>,
  slice: Slice,
  index: number,
): [K, E] {
  const stride = reduction ? entry.size : map.entrySize;
  const keyAt = index * map.keySize;
  const entryStart = index * stride;
  return [
    key.read(slice.keys, keyAt, keyAt + map.keySize),
    entry.read(slice.entries, entryStart, entryStart + stride),
  ];
}
