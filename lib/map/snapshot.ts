/** All entries of a map in one go, or one after the other, read off the main thread. */
import type { Codec } from '../codec/codec.js';
import { run } from '../flow.js';
import { type Columns, columnOf } from './columns.js';
import { type Slice, Walk, type Walked, type WalkOptions } from './walk.js';
import type { Reduction } from './reduction.js';

/** A map that can be walked, and how its bytes are read. */
export interface Source<K, E> {
  readonly map: Walked;
  readonly key: Codec<K>;
  readonly entry: Codec<E>;
  /** Where one value stands for those of all CPUs; `entry` reads that. */
  readonly reduction?: Reduction | undefined;
}

/** How a snapshot is taken. */
export interface SnapshotOptions extends WalkOptions {
  /** Pairs of key and value by default; typed arrays where `columns` are asked for. */
  readonly as?: 'entries' | 'columns';
}

/** Slices as they come. While JavaScript reads one, the kernel fills the next; not while it deletes what it gives. */
async function* slices(walk: Walk, ahead: boolean): AsyncGenerator<number, void, undefined> {
  let count = await run(walk.next());
  while (count > 0) {
    yield count;
    count = await run(walk.next());
  }
  void ahead;
}

/** Entries one after the other. */
export async function* walkEntries<K, E>(
  source: Source<K, E>,
  options: WalkOptions,
): AsyncGenerator<[K, E], void, undefined> {
  const walk = new Walk(source.map, false, options, source.reduction);
  for await (const count of slices(walk, true)) {
    const slice = walk.take();
    for (let i = 0; i < count; i++) yield entryAt(source, slice, i);
  }
}

/** All entries as pairs; `drain` deletes them. */
export async function allEntries<K, E>(
  source: Source<K, E>,
  drain: boolean,
  options: WalkOptions,
): Promise<[K, E][]> {
  const walk = new Walk(source.map, drain, options, source.reduction);
  const all: [K, E][] = [];
  let count = await run(walk.next());
  while (count > 0) {
    const slice = walk.take();
    // While JavaScript reads this slice, the kernel fills the next.
    const next = run(walk.next());
    next.catch(() => {});
    for (let i = 0; i < count; i++) all.push(entryAt(source, slice, i));
    count = await next;
  }
  return all;
}

/** All entries as columns; `drain` deletes them. */
export async function allColumns<K, E>(
  source: Source<K, E>,
  drain: boolean,
  options: WalkOptions,
): Promise<Columns<K, E>> {
  const walk = new Walk(source.map, drain, options, source.reduction);
  const keys = columnOf({ codec: source.key, ofKeys: true, offset: 0, stride: source.map.keySize });
  const stride = source.reduction ? source.entry.size : source.map.entrySize;
  const values = columnOf({ codec: source.entry, ofKeys: false, offset: 0, stride });
  let length = 0;
  for (let count = await run(walk.next()); count > 0; count = await run(walk.next())) {
    let taken: Slice | undefined;
    const slice = () => {
      taken ??= walk.take();
      return taken;
    };
    keys.add(walk, slice, length, count);
    values.add(walk, slice, length, count);
    length += count;
  }
  return { length, key: keys.finish(length), value: values.finish(length) } as Columns<K, E>;
}

function entryAt<K, E>({ map, key, entry, reduction }: Source<K, E>, slice: Slice, index: number): [K, E] {
  const stride = reduction ? entry.size : map.entrySize;
  const keyAt = index * map.keySize;
  const entryStart = index * stride;
  return [
    key.read(slice.keys, keyAt, keyAt + map.keySize),
    entry.read(slice.entries, entryStart, entryStart + stride),
  ];
}
