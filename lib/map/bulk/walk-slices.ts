/** Entries on this thread, some of them ahead: what a loop over a map takes, where batches name each key once. */
import { pairRows } from '../../codec/index.js';
import type { MapKindName } from '../../kinds/map-kinds.js';
import { runSync } from '../../native/flow.js';
import type { Source } from './slices.js';
import { Sweep } from './sweep.js';

/**
 * Kinds whose batches go by bucket or index (`__htab_map_lookup_and_delete_batch`, `generic_map_lookup_batch` over an array):
 * whatever is written and deleted meanwhile, what stays comes once. Others go from key to key.
 */
const exact: ReadonlySet<MapKindName> = new Set([
  'hash',
  'lru_hash',
  'percpu_hash',
  'lru_percpu_hash',
  'array',
  'percpu_array',
]);

/** Few enough that a loop that ends early has not read much in vain. */
const ahead = { entries: 256, bytes: 64 * 1024 };

/** Slices of all entries; undefined where the kind has no such batches, or the kernel is too old. */
export function walkSlices<K, E>(
  source: Source<K, E>,
  kind: MapKindName,
): Generator<[K, E][], void, undefined> | undefined {
  if (!exact.has(kind)) return undefined;
  const { keySize, entrySize, maxEntries } = source.map;
  const fitting = Math.min(ahead.entries, maxEntries, Math.floor(ahead.bytes / (keySize + entrySize)));
  const sweep = new Sweep(source.map, false, { batchSize: Math.max(fitting, 1) });
  const first = runSync(sweep.next());
  return sweep.byBatch ? slicesOf(source, sweep, first) : undefined;
}

function* slicesOf<K, E>(
  { map, key, entry }: Source<K, E>,
  sweep: Sweep,
  first: number,
): Generator<[K, E][], void, undefined> {
  const add = pairRows({ codec: key, step: map.keySize }, { codec: entry, step: map.entrySize }, 'pairs');
  for (let count = first; count > 0; count = runSync(sweep.next())) {
    const slice = sweep.take();
    const pairs: [K, E][] = [];
    try {
      add(pairs, slice.keys, slice.entries, count);
    } catch (error) {
      yield pairs; // those before the one that cannot be read
      throw error;
    }
    yield pairs;
  }
}
