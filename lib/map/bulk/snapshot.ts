/** All entries of a map in one go, read off the main thread. */
import { type PairForm, pairRows } from '../../codec/index.js';
import { run, runSync } from '../../native/flow.js';
import { columnOf, type MapColumns } from './columns.js';
import { type Source, slices } from './slices.js';
import { type Slice, Sweep, type SweepOptions } from './sweep.js';

/** What all entries of a map can be given as, by the word that asks for it. */
export interface Snapshots<K, E> {
  /** What `new Map()` takes. */
  readonly pairs: [K, E][];
  /** The quickest objects: an array for each pair costs as much as what is in it. */
  readonly entries: { key: K; value: E }[];
  /** A typed array for each number: the quickest of all. */
  readonly columns: MapColumns<K, E>;
}

/** How a snapshot is taken. */
export interface SnapshotOptions<
  As extends keyof Snapshots<unknown, unknown> = keyof Snapshots<unknown, unknown>,
> extends SweepOptions {
  /** `pairs` of key and value by default, or `entries` as `{ key, value }`, or `columns` of typed arrays. */
  readonly as?: As;
}

/** How many entries the next slice has: where the map is small that is read on this thread, which takes less than a hop. */
function fill(sweep: Sweep): number | Promise<number> {
  return sweep.small ? runSync(sweep.next()) : run(sweep.next());
}

/** All entries, each as a pair or an object; `drain` deletes them. */
export async function allEntries<K, E>(
  source: Source<K, E>,
  drain: boolean,
  form: PairForm,
  options: SweepOptions,
): Promise<unknown[]> {
  const { map, key, entry, reduction } = source;
  const sweep = new Sweep(map, drain, options, reduction);
  const all: unknown[] = [];
  const add = pairRows(
    { codec: key, step: map.keySize },
    { codec: entry, step: reduction ? entry.size : map.entrySize },
    form,
  );
  for await (const { keys, entries, count } of slices(sweep)) add(all, keys, entries, count);
  return all;
}

/** All entries as columns; `drain` deletes them. */
export async function allColumns<K, E>(
  source: Source<K, E>,
  drain: boolean,
  options: SweepOptions = {},
): Promise<MapColumns<K, E>> {
  const sweep = new Sweep(source.map, drain, options, source.reduction);
  const most = source.map.maxEntries;
  const keys = columnOf({ codec: source.key, ofKeys: true, offset: 0, stride: source.map.keySize, most });
  const stride = source.reduction ? source.entry.size : source.map.entrySize;
  const values = columnOf({ codec: source.entry, ofKeys: false, offset: 0, stride, most });
  let length = 0;
  for (let count = await fill(sweep); count > 0; count = await fill(sweep)) {
    let taken: Slice | undefined;
    const slice = () => {
      taken ??= sweep.take();
      return taken;
    };
    keys.add(sweep, slice, length, count);
    values.add(sweep, slice, length, count);
    length += count;
  }
  return { length, key: keys.finish(length), value: values.finish(length) } as MapColumns<K, E>;
}
