/** All entries of a map in one go, or one after the other, read off the main thread. */
import { type Codec, type PairForm, pairRows } from '../../codec/index.js';
import { run, runSync } from '../../native/flow.js';
import { columnOf, type MapColumns } from './columns.js';
import type { Reduction } from './reduction.js';
import { type Slice, Sweep, type SweepOptions, type Swept } from './sweep.js';

/** A map that can be walked, and how its bytes are read. */
export interface Source<K, E> {
  readonly map: Swept;
  readonly key: Codec<K>;
  readonly entry: Codec<E>;
  /** Where one value stands for those of all CPUs; `entry` reads that. */
  readonly reduction?: Reduction | undefined;
}

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

/** @internal Slices as they come. While JavaScript reads one, the kernel fills the next. */
export async function* slices(sweep: Sweep): AsyncGenerator<Slice, void, undefined> {
  if (sweep.small) {
    while (runSync(sweep.next()) > 0) yield sweep.take();
    return;
  }
  let filled = run(sweep.next());
  while ((await filled) > 0) {
    const slice = sweep.take();
    filled = run(sweep.next());
    filled.catch(() => {}); // somebody may leave the loop before
    yield slice;
  }
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

/** @internal */
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
