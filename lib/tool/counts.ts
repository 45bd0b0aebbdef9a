/** What counters have grown by: reports of intervals, without a counter being reset while programs count. */
import { replacer } from '../doors/codec.js';

/** A map whose values hold counters. */
export interface CountedMap<Key, Value> {
  entries(): Iterable<readonly [Key, Value]>;
}

/** What the counters of one key have grown by. */
export interface GrownCount<Key, Value> {
  readonly key: Key;
  /** As it is now. */
  readonly value: Value;
  readonly grown: readonly bigint[];
}

/**
 * Reads what the counters of a map have grown by since the last look, of keys alone of which one has.
 *
 * @param countsOf - the counters in a value, which only grow
 * @example
 * ```ts
 * const read = countReader(bpf.maps.counts, count => [count]);
 * for (const { key, grown } of read()) console.log(key, grown);
 * ```
 */
export function countReader<Key, Value>(
  map: CountedMap<Key, Value>,
  countsOf: (value: Value) => ArrayLike<bigint>,
): () => GrownCount<Key, Value>[] {
  let before = new Map<string, readonly bigint[]>();
  return () => {
    // What is no longer in the map is forgotten.
    const now = new Map<string, readonly bigint[]>();
    const grown = Array.from(map.entries(), ([key, value]): GrownCount<Key, Value> => {
      const [name, counts] = [JSON.stringify(key, replacer), Array.from(countsOf(value))];
      now.set(name, counts);
      return { key, value, grown: counts.map((count, at) => count - (before.get(name)?.[at] ?? 0n)) };
    });
    before = now;
    return grown.filter(({ grown: counts }) => counts.some(count => count > 0n));
  };
}
