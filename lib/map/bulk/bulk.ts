/** What maps by key can do with many entries at once, off the main thread. */
import type { Codec } from '../../codec/codec.js';
import { argumentError } from '../../errors/arguments.js';
import type { RawKey } from '../raw-key.js';
import { deleteMany, lookupMany, updateMany } from './many.js';
import { allColumns, allEntries, type SnapshotOptions, type Snapshots, type Source } from './snapshot.js';
import type { Swept } from './sweep.js';

/** What of a map it takes. */
export interface BulkAccess<K, E> {
  readonly map: Swept;
  readonly keyCodec: Codec<K>;
  readonly entryCodec: Codec<E>;
  /** Bytes that are valid until the next call. */
  readonly encodeKey: (key: K | RawKey<K>) => Uint8Array;
  readonly encodeEntry: (entry: E) => Uint8Array;
}

/** A map's bytes and how they are read. */
export function sourceOf<K, E>({ map, keyCodec, entryCodec }: BulkAccess<K, E>): Source<K, E> {
  return { map, key: keyCodec, entry: entryCodec };
}

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
  if (!forms.includes(as)) {
    const reason = `as is one of ${forms.join(', ')}, not ${String(as)}`;
    throw argumentError(`${drain ? 'drain' : 'walk'} map ${source.map.name}`, reason);
  }
  const all = as === 'columns' ? allColumns(source, drain, options) : allEntries(source, drain, as, options);
  return all as Promise<Snapshots<K, E>[As]>;
}

/** The entries of keys, in their order. */
export async function getBatch<K, E>(
  access: BulkAccess<K, E>,
  keys: Iterable<K | RawKey<K>>,
): Promise<(E | undefined)[]> {
  const { map, entryCodec, encodeKey } = access;
  const bytes = await packed(keys, map.keySize, encodeKey);
  map.state.use(`look up in map ${map.name}`);
  const read = (view: DataView, at: number) => entryCodec.read(view, at, at + map.entrySize);
  return lookupMany(map.handle, bytes, map.entrySize, read, map.failure);
}

/** Writes entries, in their order. */
export async function setBatch<K, E>(
  { map, encodeKey, encodeEntry }: BulkAccess<K, E>,
  entries: Iterable<readonly [K | RawKey<K>, E]>,
  flags: number,
): Promise<number> {
  const list = [...entries];
  const keys = await packed(list, map.keySize, ([key]) => encodeKey(key));
  const values = await packed(list, map.entrySize, ([, entry]) => encodeEntry(entry));
  map.state.use(`update map ${map.name}`);
  return updateMany(map.handle, keys, values, flags, map.failure);
}

/** Deletes the entries of keys; how many were there. */
export async function deleteBatch<K, E>(
  access: BulkAccess<K, E>,
  keys: Iterable<K | RawKey<K>>,
): Promise<number> {
  const { map, encodeKey } = access;
  const bytes = await packed(keys, map.keySize, encodeKey);
  map.state.use(`delete from map ${map.name}`);
  return deleteMany(map.handle, bytes, map.failure);
}

/** Items that are encoded before others get their turn. */
const itemsInTurn = 4096;

/** The bytes of all items, or none: what does not fit throws before anything was written. */
async function packed<T>(
  items: Iterable<T>,
  size: number,
  encode: (item: T) => Uint8Array,
): Promise<Uint8Array> {
  const list = Array.isArray(items) ? (items as T[]) : [...items];
  const bytes = new Uint8Array(list.length * size);
  for (const [index, item] of list.entries()) {
    bytes.set(encode(item), index * size);
    if (index % itemsInTurn === itemsInTurn - 1) await new Promise(setImmediate);
  }
  return bytes;
}
