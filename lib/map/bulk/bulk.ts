/** What maps by key can do with many entries at once, off the main thread. */
import { argumentError, requireOptions } from '../../errors/arguments.js';
import type { RawKey } from '../raw-key.js';
import type { BulkAccess, Put } from './access.js';
import { deleteMany, lookupMany, updateMany } from './many.js';
import type { Source } from './slices.js';
import { allColumns, allEntries, type SnapshotOptions, type Snapshots } from './snapshot.js';

const forms: readonly string[] = ['pairs', 'entries', 'columns'] satisfies (keyof Snapshots<
  unknown,
  unknown
>)[];

/**
 * All entries in the form that is asked for.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for a form that there is not.
 */
export async function readAll<K, E, As extends keyof Snapshots<K, E>>(
  source: Source<K, E>,
  drain: boolean,
  options: SnapshotOptions<As> = {},
): Promise<Snapshots<K, E>[As]> {
  const { as = 'pairs' } = options;
  const operation = `${drain ? 'drain' : 'walk'} map ${source.map.name}`;
  requireOptions(operation, options, ['as', 'batchSize']);
  if (!forms.includes(as)) {
    const reason = `as is one of ${forms.join(', ')}, not ${String(as)}`;
    throw argumentError(operation, reason);
  }
  const all = as === 'columns' ? allColumns(source, drain, options) : allEntries(source, drain, as, options);
  return all as Promise<Snapshots<K, E>[As]>;
}

/** The entries of keys, in their order. */
export async function getBatch<K, E>(
  access: BulkAccess<K, E>,
  keys: Iterable<K | RawKey<K>>,
): Promise<(E | undefined)[]> {
  const { map, entryCodec, putKey } = access;
  const bytes = await pack(keys, map.keySize, putKey);
  map.state.use(`look up in map ${map.name}`);
  return lookupMany(map.handle, bytes, map.entrySize, entryCodec, map.failure);
}

/** Writes entries, in their order. */
export async function setBatch<K, E>(
  { map, putKey, putEntry }: BulkAccess<K, E>,
  entries: Iterable<readonly [K | RawKey<K>, E]>,
  flags: number,
): Promise<number> {
  const list = listOf(entries);
  const keys = await pack(list, map.keySize, (view, at, [key]) => putKey(view, at, key));
  const values = await pack(list, map.entrySize, (view, at, [, entry]) => putEntry(view, at, entry));
  map.state.use(`update map ${map.name}`);
  return updateMany(map.handle, keys, values, flags, map.failure);
}

/** Deletes the entries of keys; how many were there. */
export async function deleteBatch<K, E>(
  access: BulkAccess<K, E>,
  keys: Iterable<K | RawKey<K>>,
): Promise<number> {
  const { map, putKey } = access;
  const bytes = await pack(keys, map.keySize, putKey);
  map.state.use(`delete from map ${map.name}`);
  return deleteMany(map.handle, bytes, map.failure);
}

/** Items that are encoded before others get their turn. */
const itemsInTurn = 4096;

/** The bytes of all items, or none: what does not fit throws before anything was written. */
async function pack<T>(items: Iterable<T>, size: number, put: Put<T>): Promise<Uint8Array> {
  const list = listOf(items);
  const bytes = new Uint8Array(list.length * size);
  const view = new DataView(bytes.buffer);
  for (let first = 0; first < list.length; first += itemsInTurn) {
    if (first > 0) await new Promise(setImmediate);
    const end = Math.min(first + itemsInTurn, list.length);
    for (let i = first; i < end; i++) put(view, i * size, list[i] as T);
  }
  return bytes;
}

function listOf<T>(items: Iterable<T>): readonly T[] {
  return Array.isArray(items) ? items : [...items];
}
