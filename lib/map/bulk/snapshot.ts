/** All entries of a map in one go, or one after the other, read off the main thread. */
import { type Codec, keptRowsOf } from '../../codec/index.js';
import { run } from '../../native/flow.js';
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

/** How a snapshot is taken. */
export interface SnapshotOptions extends SweepOptions {
  /** Pairs of key and value by default; typed arrays where `columns` are asked for. */
  readonly as?: 'entries' | 'columns';
}

/** @internal Slices as they come. While JavaScript reads one, the kernel fills the next. */
export async function* slices(sweep: Sweep): AsyncGenerator<Slice, void, undefined> {
  let filled = run(sweep.next());
  while ((await filled) > 0) {
    const slice = sweep.take();
    filled = run(sweep.next());
    filled.catch(() => {}); // somebody may leave the loop before
    yield slice;
  }
}

/** All entries as pairs; `drain` deletes them. */
export async function allEntries<K, E>(
  source: Source<K, E>,
  drain: boolean,
  options: SweepOptions = {},
): Promise<[K, E][]> {
  const sweep = new Sweep(source.map, drain, options, source.reduction);
  const all: [K, E][] = [];
  for await (const slice of slices(sweep)) addPairs(all, source, slice);
  return all;
}

function addPairs<K, E>(
  all: [K, E][],
  { map, key, entry, reduction }: Source<K, E>,
  { count, keys, entries }: Slice,
): void {
  const first = keptRowsOf(key)(keys, 0, map.keySize, count);
  const second = keptRowsOf(entry)(entries, 0, reduction ? entry.size : map.entrySize, count);
  for (let i = 0; i < count; i++) all.push([first[i] as K, second[i] as E]);
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
  for (let count = await run(sweep.next()); count > 0; count = await run(sweep.next())) {
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
