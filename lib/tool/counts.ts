/** What counters have grown by: reports of intervals, without a counter being reset while programs count. */
import { replacer } from '../doors/codec.js';

/** A map whose values hold counters. */
export interface CountedMap<Key, Value> {
  entries(): Iterable<readonly [Key, Value]>;
  delete(key: NoInfer<Key>): unknown;
}

/** What the counters of one key have grown by. */
export interface GrownCount<Key, Value> {
  readonly key: Key;
  /** As it is now. */
  readonly value: Value;
  readonly grown: readonly bigint[];
}

/** How a key was at the last look. */
interface Counted {
  readonly counts: readonly bigint[];
  readonly ended: boolean;
}

/**
 * Reads what the counters of a map have grown by since the last look, of keys alone of which one has.
 *
 * @param countsOf - the counters in a value, which only grow
 * @param hasEnded - whether a value counts no more. Its key is deleted from the map by the second look that
 *   reads it so: a program may have been writing while the first one copied.
 * @example
 * ```ts
 * const read = countReader(bpf.maps.counts, count => [count]);
 * for (const { key, grown } of read()) console.log(key, grown);
 * ```
 */
export function countReader<Key, Value>(
  map: CountedMap<Key, Value>,
  countsOf: (value: Value) => ArrayLike<bigint>,
  hasEnded: (value: Value) => boolean = () => false,
): () => GrownCount<Key, Value>[] {
  let before = new Map<string, Counted>();
  return () => {
    // What is no longer in the map is forgotten.
    const now = new Map<string, Counted>();
    const grown = [...map.entries()].map(([key, value]): GrownCount<Key, Value> => {
      const name = JSON.stringify(key, replacer);
      const [last, counts, ended] = [before.get(name), Array.from(countsOf(value)), hasEnded(value)];
      if (ended && last?.ended) map.delete(key);
      else now.set(name, { counts, ended });
      return { key, value, grown: counts.map((count, at) => count - (last?.counts[at] ?? 0n)) };
    });
    before = now;
    return grown.filter(({ grown: counts }) => counts.some(count => count > 0n));
  };
}
